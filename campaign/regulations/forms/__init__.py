"""What people type and upload in this room."""
