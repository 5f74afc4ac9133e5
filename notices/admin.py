"""Channels and messages in the admin: to look at; they are kept on their own pages."""

from django.contrib import admin

from notices.models import Channel, OutboxMessage
from orgs.adminbase import ReadOnly, ScopedAdmin
from orgs.roles import EDIT, Noun


@admin.register(Channel)
class ChannelAdmin(ReadOnly, ScopedAdmin):
    noun = Noun.ORG
    view_letters = EDIT
    list_display = ("name", "transport", "org", "is_active")
    list_filter = ("transport", "is_active")
    list_select_related = ("org",)
    exclude = ("template",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, ScopedAdmin):
    noun = Noun.ORG
    view_letters = EDIT
    list_display = ("kind_label", "transport", "state", "attempts", "last_error", "created_at")
    list_filter = ("state", "transport")
    exclude = ("text",)
