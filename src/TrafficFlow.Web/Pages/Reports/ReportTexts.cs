using TrafficFlow.Web.Pages.Counts;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>What a report says, in one language. Figures stand in {0}, {1}, …: see <see cref="With"/>.</summary>
public sealed partial record ReportTexts
{
    /// <summary>en or ja: of the document.</summary>
    public required string Language { get; init; }

    public required string Title { get; init; }

    public required string Site { get; init; }

    public required string Days { get; init; }

    public required string ZoneIs { get; init; }

    public required string ClockChange { get; init; }

    public required string Written { get; init; }

    public required string By { get; init; }

    public required string To { get; init; }

    public required string Way { get; init; }

    public required string SummaryTitle { get; init; }

    public required string Figure { get; init; }

    public required string Value { get; init; }

    public required string Remark { get; init; }

    public required string Entered { get; init; }

    public required string Daytime { get; init; }

    public required string DayRatio { get; init; }

    public required string PeakShare { get; init; }

    public required string HeavyShare { get; init; }

    public required string MorningPeak { get; init; }

    public required string AfternoonPeak { get; init; }

    public required string WeekChange { get; init; }

    public required string WatchedShare { get; init; }

    public required string OfKnownSize { get; init; }

    public required string InHoursOfBoth { get; init; }

    public required string Vehicles { get; init; }

    public required string Nothing { get; init; }

    public required string LowerBound { get; init; }

    public required string DegradedNotice { get; init; }

    public required string NotOver { get; init; }

    public required string NotKnown { get; init; }

    public required string NotWatched { get; init; }

    public required string NotMeasured { get; init; }

    public required string NotComparable { get; init; }

    public required string None { get; init; }

    public required string VolumeTitle { get; init; }

    public required string ByHourExplained { get; init; }

    public required string ByDayExplained { get; init; }

    public required string PerHour { get; init; }

    public required string PerDay { get; init; }

    public required string HourTable { get; init; }

    public required string DayTable { get; init; }

    public required string Time { get; init; }

    public required string Date { get; init; }

    public required string Total { get; init; }

    public required string Heavy { get; init; }

    public required string TableExplained { get; init; }

    public required string ClassTitle { get; init; }

    public required string ClassExplained { get; init; }

    public required string Approach { get; init; }

    public required string TurningTitle { get; init; }

    public required string TurningExplained { get; init; }

    public required string From { get; init; }

    public required string Exit { get; init; }

    public required string Unknown { get; init; }

    public required string Entering { get; init; }

    public required string Exiting { get; init; }

    public required string PeakTitle { get; init; }

    public required string PeakExplained { get; init; }

    public required string Morning { get; init; }

    public required string Afternoon { get; init; }

    public required string PeakHour { get; init; }

    public required string Volume { get; init; }

    public required string MaxQuarter { get; init; }

    public required string Factor { get; init; }

    public required string Junction { get; init; }

    public required string NoPeak { get; init; }

    public required string WeekTitle { get; init; }

    public required string WeekExplained { get; init; }

    public required string ClockAlone { get; init; }

    public required string Now { get; init; }

    public required string Earlier { get; init; }

    public required string Compared { get; init; }

    public required string Change { get; init; }

    public required string SpeedTitle { get; init; }

    public required string SpeedChart { get; init; }

    public required string SpeedExplained { get; init; }

    public required string QueueChart { get; init; }

    public required string QueueExplained { get; init; }

    public required string MeanSpeed { get; init; }

    public required string LowestSpeed { get; init; }

    public required string MeanQueue { get; init; }

    public required string LongestQueue { get; init; }

    public required string NoSpeeds { get; init; }

    public required string NoQueues { get; init; }

    public required string DelayTable { get; init; }

    public required string DelayExplained { get; init; }

    public required string Movement { get; init; }

    public required string TravelSpeed { get; init; }

    public required string Delay { get; init; }

    public required string Stops { get; init; }

    public required string NoDelay { get; init; }

    public required string DelayOneDay { get; init; }

    public required string CoverageTitle { get; init; }

    public required string CoverageExplained { get; init; }

    public required string Observed { get; init; }

    public required string Expected { get; init; }

    public required string Complete { get; init; }

    public required string Partial { get; init; }

    public required string Degraded { get; init; }

    public required string Blind { get; init; }

    public required string NoBin { get; init; }

    public required string HoursByQuality { get; init; }

    public required string WhyTitle { get; init; }

    public required string AllWatched { get; init; }

    public required string Stretch { get; init; }

    public required string Kind { get; init; }

    public required string Meaning { get; init; }

    public required string FeedingCameras { get; init; }

    public required string MoreStretches { get; init; }

    public required string MeansPartial { get; init; }

    public required string MeansDegraded { get; init; }

    public required string MeansBlind { get; init; }

    public required string MeansNone { get; init; }

    public required string ReasonsKept { get; init; }

    public required string CamerasTitle { get; init; }

    public required string CamerasUnknown { get; init; }

    public required string Camera { get; init; }

    public required string State { get; init; }

    public required string Scene { get; init; }

    public required string Dropped { get; init; }

    public required string Reason { get; init; }

    public required string DroppedExplained { get; init; }

    public required string AccuracyTitle { get; init; }

    public required string NotScored { get; init; }

    public required string Scored { get; init; }

    public required string True { get; init; }

    public required string Counted { get; init; }

    public required string Missed { get; init; }

    public required string Extra { get; init; }

    public required string Precision { get; init; }

    public required string Recall { get; init; }

    public required string Error { get; init; }

    public required string Total2 { get; init; }

    public required string OriginTitle { get; init; }

    public required string OriginExplained { get; init; }

    public required string Detector { get; init; }

    public required string Calibration { get; init; }

    public required string SiteVersion { get; init; }

    public required string InTime { get; init; }

    public required string SiteNow { get; init; }

    public required string SiteOther { get; init; }

    public required string NoOrigin { get; init; }

    public required string NoCalibration { get; init; }

    public required string RevisionIs { get; init; }

    public required string Revisions { get; init; }

    public required string NoRevisions { get; init; }

    public required string WrittenAt { get; init; }

    public required string WrittenBy { get; init; }

    public required string Staff { get; init; }

    public required string Page { get; init; }

    public required string LegendWhole { get; init; }

    public required string LegendPart { get; init; }

    public required string LegendMissing { get; init; }

    public required string LegendBefore { get; init; }

    /// <summary>From Sunday.</summary>
    public required IReadOnlyList<string> Weekdays { get; init; }

    public CountsTexts Counts => CountsTexts.For(Language);

    public static readonly IReadOnlyList<string> Languages = ["en", "ja"];

    public static ReportTexts For(string? language) => language == "ja" ? Japanese : English;

    /// <summary>Puts figures in.</summary>
    public static string With(string text, params object[] values) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, values);
}
