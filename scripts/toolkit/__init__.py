"""What the scripts of this folder share. Standard library only: it runs before anything is installed."""
