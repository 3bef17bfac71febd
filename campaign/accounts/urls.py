from allauth.account import urls as allauth_urls

urlpatterns = [*allauth_urls.urlpatterns]
