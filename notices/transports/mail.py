"""E-mail by Django's own settings. The parcel's key is the Message-ID: mailboxes drop a repeat."""

import smtplib

from django.core.mail import EmailMessage

from notices.transports.base import Parcel, Refused, TryLater, transport

FINAL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError)


@transport("email", label="电子邮件", needs_channel=False)
def send(parcel: Parcel) -> None:
    body = "\n\n".join(part for part in (parcel.text, parcel.url) if part)
    message = EmailMessage(
        subject=" ".join(parcel.title.split()), body=body, to=[parcel.to],
        headers={"Message-ID": f"<{parcel.key}@gridparty>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    try:
        message.send()
    except FINAL as error:
        raise Refused(f"邮箱地址被拒绝（{type(error).__name__}）") from None
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(f"邮件服务器没有收下（{type(error).__name__}）") from None
