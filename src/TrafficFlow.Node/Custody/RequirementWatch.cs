using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Custody;

/// <summary>
/// Looks again each minute while the node runs: names resolve otherwise, site files are reloaded, disks are mounted. It tells what is not as required, in the log, to health and to
/// metrics; a running node is not stopped by it.
/// </summary>
/// <param name="sites">As their files are in force now.</param>
internal sealed partial class RequirementWatch(CustodyLook look, Func<IReadOnlyList<Site>> sites, ILogger<RequirementWatch> log, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEach = TimeSpan.FromMinutes(1);

    private IReadOnlyList<CustodyFinding> _last = [];

    /// <summary>What was found last; nothing before the first look.</summary>
    public IReadOnlyList<CustodyFinding> Last => Volatile.Read(ref _last);

    /// <summary>What is not as the site files require, with what to do; null where all is.</summary>
    public string? Problem => Join(Last.Where(f => f.IsUnmet));

    /// <exception cref="JobFailedException">Something is refused by a site file; the message says what to do.</exception>
    public static async Task RefuseAsync(CustodyLook look, IReadOnlyList<Site> sites, CancellationToken cancellation)
    {
        if (await WhyRefusedAsync(look, sites, cancellation) is { } problem) throw new JobFailedException($"this node may not start like that: {problem}");
    }

    /// <returns>Why a node may not run with these sites, as their files say themselves, with what to do; null where it may.</returns>
    public static async Task<string?> WhyRefusedAsync(CustodyLook look, IReadOnlyList<Site> sites, CancellationToken cancellation)
    {
        // A camera whose name does not resolve sends nothing: that alone keeps the others from nothing.
        var asking = sites.Where(s => s.Custody is not null).ToList();
        return Join((await look.RunAsync(asking, cancellation)).Where(f => f.RefusesStart && !f.IsUnresolved));
    }

    internal async Task LookAsync(CancellationToken cancellation)
    {
        var before = Problem;
        Volatile.Write(ref _last, await look.RunAsync([.. sites().Where(s => s.Custody is not null)], cancellation));
        var now = Problem;
        if (now is not null && now != before) LogUnmet(now);
        if (now is null && before is not null) LogMet();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(LookEach, time);
            do
            {
                await TryAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node ends.
        }
    }

    private async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            await LookAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(e);
        }
    }

    private static string? Join(IEnumerable<CustodyFinding> findings) =>
        string.Join("; ", findings.Select(f => f.Rule == CustodyRule.Disk ? f.Text : $"{f.What}: {f.Text}").Distinct()) is { Length: > 0 } text ? text : null;

    [LoggerMessage(LogLevel.Warning, "Pictures and counts are not kept as the site files require: {Problem}")]
    private partial void LogUnmet(string problem);

    [LoggerMessage(LogLevel.Information, "Pictures and counts are kept as the site files require")]
    private partial void LogMet();

    [LoggerMessage(LogLevel.Error, "How pictures and counts are kept could not be looked at; it is tried again")]
    private partial void LogFault(Exception fault);
}
