"""Holidays and make-up days: uploaded as CSV, faults named by line."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.models import WorkdayOverride


def test_the_calendar_takes_a_csv_and_names_its_faults(enter):
    admin = enter("sysadmin")
    url = reverse("admin:orgs_workdayoverride_upload")

    def upload(text: str, encoding="utf-8"):
        return admin.post(url, {"file": SimpleUploadedFile("2027.csv", text.encode(encoding))})

    good = "日期,是否上班,说明\n2027-01-01,0,元旦\n2027/2/7,1,春节调休\n"
    assert upload(good, "gb18030").status_code == 302
    assert WorkdayOverride.objects.get(date=date(2027, 2, 7)).is_workday
    count = WorkdayOverride.objects.count()
    answer = upload("2027-05-01,0,劳动节\n2027-13-01,0,错\n2027-05-02,也许,错\n")
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "第 2 行" in html
    assert "第 3 行" in html
    assert WorkdayOverride.objects.count() == count
    assert "没有数据行" in upload("日期,是否上班,说明\n").content.decode()
    assert "前面已经写过" in upload("2027-05-01,0,劳动节\n2027年5月1日,1,错\n").content.decode()
    assert WorkdayOverride.objects.count() == count
    assert upload("20270501,0,劳动节\n2027.5.1,0,劳动节\n").status_code == 302
    assert enter("street_admin").get(url).status_code == 403
