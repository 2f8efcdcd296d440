using Microsoft.Extensions.Logging;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>What the page of reports says to operators. Razor's code has no generated logging of its own.</summary>
internal static partial class ReportLog
{
    [LoggerMessage(LogLevel.Warning, "Reports of {Site} cannot be made or listed: is the database there, the folder of reports writable, and the disk not full?")]
    public static partial void Failed(ILogger log, string site, Exception e);
}
