"""What people do on the way in, as steps that several proofs share."""

# The people of `latchkey demo` all have this password; so do those whom the proofs make.
PASSWORD = "try"
ADMIN = "ada.okafor@example.com"


def sign_in(visitor, email, password=PASSWORD, at="/sign-in"):
    """Types mail address and password at the sign-in page, or wherever it was sent to it from."""
    visitor.page.goto(at)
    visitor.page.get_by_label("Mail address").fill(email)
    visitor.page.get_by_label("Password").fill(password)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
