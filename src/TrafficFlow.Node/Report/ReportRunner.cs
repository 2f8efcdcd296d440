using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Export;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Report;

/// <summary>
/// Makes the reports of each morning, and those that are missing of the last week, each once: how far each site has come stands in the database, so that the next server goes on from
/// there. What cannot be made now is told, and tried again.
/// </summary>
/// <param name="sites">As their files are in force now.</param>
/// <param name="lateness">After which a bin closes without a camera that does not report.</param>
internal sealed partial class ReportRunner(
    ReportSettings settings, Func<IReadOnlyList<Site>> sites, TimeSpan lateness, Func<IFlowQuery> flows, FeedPlaces places, ReportDesk desk, ILogger<ReportRunner> log, TimeProvider time)
{
    /// <summary>No feed can have it: it holds a blank.</summary>
    private const string Place = "daily report";

    /// <summary>Days of a site that counted nothing for so long before are not reported: it is not there yet, or no more.</summary>
    private const int SilentDays = 31;

    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    // After a bin is closed it is on its way into the tables.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private string? _problem;
    private bool _isUrgent;

    /// <summary>Why reports are missing, with what to do; null while none is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Until it is ended.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        try
        {
            while (true)
            {
                await MakeDueAsync(end);
                await Task.Delay(_isUrgent ? TryAgain : Wait(), time, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Another server goes on, or this one stops.
        }
    }

    /// <summary>Makes what is due now.</summary>
    /// <returns>How many files were written.</returns>
    internal async Task<int> MakeDueAsync(CancellationToken cancellation)
    {
        var made = 0;
        List<string> problems = [];
        List<string> unprinted = [];
        foreach (var site in Sites)
        {
            try
            {
                made += await MakeDueAsync(site, problems, unprinted, cancellation);
                desk.Prune(site);
            }
            catch (Exception e) when (e is QueryException or IOException or UnauthorizedAccessException)
            {
                problems.Add(e is QueryException ? $"the report of {site.Id} cannot be made: {e.Message}" : $"the report of {site.Id} cannot be written to {settings.Folder} ({e.Message}): is the folder writable, and the disk not full?");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever is wrong with the figures of one site, the others get theirs.
                LogFault(site.Id.Value, e);
                problems.Add($"the report of {site.Id} cannot be made: {e.Message}: see the log, and tell whoever maintains TrafficFlow");
            }
        }

        // What no program can print now, it will not in five minutes: the desk says when that is tried again.
        _isUrgent = problems.Count > 0;
        problems.AddRange(unprinted);
        Tell(problems.Count == 0 ? null : string.Join("; ", problems.Distinct()));
        return made;
    }

    private IEnumerable<Site> Sites => sites().Where(s => settings.Sites.Count == 0 || settings.Sites.Contains(s.Id.Value));

    private async Task<int> MakeDueAsync(Site site, List<string> problems, List<string> unprinted, CancellationToken cancellation)
    {
        var schedule = ScheduleOf(site);
        var lastMade = (await places.ReadAsync(Place, cancellation)).TryGetValue(site.Id.Value, out var place) && place.Cursor is { } number ? DateOnly.FromDayNumber((int)number) : (DateOnly?)null;
        var (made, isGapless) = (0, true);
        foreach (var day in schedule.Due(time.GetUtcNow(), lastMade))
        {
            if (!await HasCountedAsync(site, day, cancellation)) continue;
            var due = schedule.DueAt(day);
            // One that somebody made before the day was over is made anew, beside it, and what is there already is not made twice.
            var report = await desk.TryMakeAsync(site, new Period(day, day), settings.Languages, settings.Formats, name => IsMissing(name, due) && (name.Format != ReportFormat.Pdf || desk.Printing.IsDue(name.Language)), cancellation);
            if (report is null)
            {
                problems.Add($"the report of {site.Id} of {Period.Write(day)} waits for another one that is being made");
                return made;
            }

            made += report.Made.Count;
            if (report.Made.Count > 0) LogMade(string.Join(", ", report.Made.Select(m => m.File)));
            var missing = settings.Languages.Where(l => settings.Formats.Any(f => IsMissing(new ReportName(site.Id, new Period(day, day), l, f), due))).ToList();
            unprinted.AddRange(desk.Printing.Troubles.Where(t => missing.Contains(t.Language)).Select(t => $"reports of {site.Id} are without PDF: {t.Reason}"));
            isGapless &= missing.Count == 0;
            if (isGapless) await places.SaveAsync(Place, new Dictionary<string, TopicPlace> { [site.Id.Value] = TopicPlace.After(day.DayNumber) }, cancellation);
        }

        return made;
    }

    private bool IsMissing(ReportName name, DateTimeOffset due) => !(desk.Shelf.Newest(name)?.WrittenAt >= due);

    private async Task<bool> HasCountedAsync(Site site, DateOnly day, CancellationToken cancellation)
    {
        var span = new Interval(ExportInterval.StartOf(day.AddDays(-SilentDays), site.TimeZone), ExportInterval.StartOf(day.AddDays(1), site.TimeZone));
        return (await flows().ReadAsync(new FlowFilter(site.Id, BinDuration.Hour, span) { Movement = Movement.Entering }, null, 1, cancellation)).Bins.Length > 0;
    }

    private ReportSchedule ScheduleOf(Site site) => new(site.TimeZone, settings.At, lateness + Grace);

    private TimeSpan Wait()
    {
        var now = time.GetUtcNow();
        var next = Sites.Select(s => ScheduleOf(s).NextAfter(now) - now).DefaultIfEmpty(LookAgain).Min();
        // Clocks are set, and sites come and go.
        return next < LookAgain ? next + TimeSpan.FromSeconds(1) : LookAgain;
    }

    private void Tell(string? problem)
    {
        var before = Interlocked.Exchange(ref _problem, problem);
        if (problem is not null && problem != before) LogProblem(problem);
        if (problem is null && before is not null) LogWell();
    }

    [LoggerMessage(LogLevel.Error, "The report of {Site} has failed")]
    private partial void LogFault(string site, Exception fault);

    [LoggerMessage(LogLevel.Information, "Reports made: {Files}")]
    private partial void LogMade(string files);

    [LoggerMessage(LogLevel.Warning, "Not all reports could be made, which is tried again by itself: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(LogLevel.Information, "All reports that are due have been made again")]
    private partial void LogWell();
}
