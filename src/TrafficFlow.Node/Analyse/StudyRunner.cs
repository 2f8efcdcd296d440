using Microsoft.Extensions.Logging;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Analyse;

/// <summary>
/// Makes the studies of each week, and those that are missing of the last four, each once: how far each site has come stands in the database, so that the next server goes on from there. What
/// cannot be made now is told, and tried again. One at a time, and the simulator on one processor: counting comes first.
/// </summary>
/// <param name="sites">As their files are in force now.</param>
/// <param name="lateness">After which a bin closes without a camera that does not report.</param>
internal sealed partial class StudyRunner(
    AnalysisSettings settings, Func<IReadOnlyList<Site>> sites, TimeSpan lateness, Func<IFlowQuery> flows, Func<IJourneyQuery> journeys, FeedPlaces places, ILogger<StudyRunner> log, TimeProvider time)
{
    /// <summary>No feed can have it: it holds a blank.</summary>
    private const string Place = "weekly study";

    private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    // After a bin is closed it is on its way into the tables.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private string? _problem;

    public StudyShelf Shelf { get; } = new(settings.Folder);

    /// <summary>Why studies are missing, with what to do; null while none is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Until it is ended.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        try
        {
            while (true)
            {
                await MakeDueAsync(end);
                await Task.Delay(Problem is null ? Wait() : TryAgain, time, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Another server goes on, or this one stops.
        }
    }

    /// <summary>Makes what is due now.</summary>
    /// <returns>How many studies were written.</returns>
    internal async Task<int> MakeDueAsync(CancellationToken cancellation)
    {
        var made = 0;
        List<string> problems = [];
        foreach (var site in Sites)
        {
            try
            {
                made += await MakeDueAsync(site, cancellation);
                Shelf.Prune(site.Id, time.GetUtcNow() - settings.Keep);
            }
            catch (Exception e) when (e is QueryException or IOException or UnauthorizedAccessException)
            {
                problems.Add(e is QueryException ? $"the study of {site.Id} cannot be made: {e.Message}" : $"the study of {site.Id} cannot be written to {settings.Folder} ({e.Message}): is the folder writable, and the disk not full?");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever is wrong with one site, the others get theirs.
                LogFault(site.Id.Value, e);
                problems.Add($"the study of {site.Id} cannot be made: {e.Message}: see the log, and tell whoever maintains TrafficFlow");
            }
        }

        Tell(problems.Count == 0 ? null : string.Join("; ", problems.Distinct()));
        return made;
    }

    private IEnumerable<Site> Sites => sites().Where(s => settings.Sites.Count == 0 || settings.Sites.Contains(s.Id.Value));

    private async Task<int> MakeDueAsync(Site site, CancellationToken cancellation)
    {
        var schedule = ScheduleOf(site);
        var lastMade = (await places.ReadAsync(Place, cancellation)).TryGetValue(site.Id.Value, out var place) && place.Cursor is { } number ? DateOnly.FromDayNumber((int)number) : (DateOnly?)null;
        var made = 0;
        foreach (var monday in schedule.Due(time.GetUtcNow(), lastMade))
        {
            if (!await IsMadeAsync(site, schedule.SpanOf(monday), schedule.DueAt(monday), cancellation)) made++;
            await places.SaveAsync(Place, new Dictionary<string, TopicPlace> { [site.Id.Value] = TopicPlace.After(monday.DayNumber) }, cancellation);
        }

        return made;
    }

    /// <returns>True where there was nothing to do: another server of the same folder made it, or nobody counted.</returns>
    private async Task<bool> IsMadeAsync(Site site, Interval span, DateTimeOffset due, CancellationToken cancellation)
    {
        if (Shelf.Newest(site.Id, span)?.WrittenAt >= due) return true;
        if ((await flows().ReadAsync(new FlowFilter(site.Id, BinDuration.Hour, span) { Movement = Movement.Entering }, null, 1, cancellation)).Bins.Length == 0) return true;
        JunctionStudy study;
        try
        {
            var record = await RecordReader.ReadAsync(flows(), journeys(), site, span, cancellation);
            study = await Task.Run(() => StudyMaker.MakeAsync(record, site, new StudyOptions(settings.Profile, settings.Simulates) { Parallel = 1 }, time.GetUtcNow(), null, cancellation), cancellation);
        }
        catch (JobFailedException e)
        {
            // Trying again gives the same: a site whose vehicles nobody follows.
            LogNoStudy(site.Id.Value, e.Message);
            return true;
        }

        var name = Shelf.Add(study);
        LogMade(name.File);
        // The study stands; what it could not try is in it, and here.
        foreach (var missing in study.Unsaid.Where(u => u.Kind == UnsaidKind.SimulatorMissing)) LogNotSimulated(site.Id.Value, missing.Detail ?? "");
        return false;
    }

    private StudySchedule ScheduleOf(Site site) => new(site.TimeZone, settings.At, lateness + Grace);

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

    [LoggerMessage(LogLevel.Error, "The study of {Site} has failed")]
    private partial void LogFault(string site, Exception fault);

    [LoggerMessage(LogLevel.Information, "Study made: {File}")]
    private partial void LogMade(string file);

    [LoggerMessage(LogLevel.Warning, "There is no study of {Site} of this week: {Reason}")]
    private partial void LogNoStudy(string site, string reason);

    [LoggerMessage(LogLevel.Warning, "The proposals of {Site} were not simulated: {Reason} (or set trafficflow.analysis.simulator = off)")]
    private partial void LogNotSimulated(string site, string reason);

    [LoggerMessage(LogLevel.Warning, "Not all studies could be made, which is tried again by itself: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(LogLevel.Information, "All studies that are due have been made again")]
    private partial void LogWell();
}
