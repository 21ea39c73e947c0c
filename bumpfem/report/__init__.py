"""Pictures and pages from the files of computed joints."""

from bumpfem.report.context import ReportContext
from bumpfem.report.html import write_report
from bumpfem.report.pictures import PICTURES, render_all, render_pictures

__all__ = ["PICTURES", "ReportContext", "render_all", "render_pictures", "write_report"]
