from django.urls import path

from campaign.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("campaigns/<slug:slug>/", views.campaign_detail, name="campaign_detail"),
    path("desk/", views.desk, name="desk"),
    path("dev/mail/", views.mail_page, name="mail_page"),
]
