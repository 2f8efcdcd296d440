using Microsoft.Extensions.Logging;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Retention;

/// <summary>
/// Removes each hour what has reached its age of what lies in files of the node: reports, studies and scores (counts), evidence (journeys), accounts of dismissed persons. Tables, outboxes, recordings and the audit are removed by those
/// who hold them, by the same rule.
/// </summary>
/// <param name="evidence">Removes what is over of it, if whoever is told how much lets it, and says how much went.</param>
/// <param name="compare">Lets a server compare the clocks; at each look.</param>
internal sealed class NodeRetention(SiteRetention sites, ReportShelf? reports, ScoreFolder scores, Func<Func<int, Task<bool>>, Task<int>> evidence, AccountStore accounts, Func<Task> compare, ILogger log, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_lookEach = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_compareEach = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_clockEach = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = new();
    private Task _looking = Task.CompletedTask;
    private string? _problem;

    /// <summary>Null where none are kept.</summary>
    public StudyShelf? Studies { get; init; }

    /// <summary>For the node's health: why what has reached its age is still there, and what to do; null where all is well.</summary>
    public string? Problem => Volatile.Read(ref _problem) ?? sites.Problem;

    public void Start() => _looking = LookAsync();

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(s_clockEach, time);
        var (compared, swept) = (time.GetTimestamp(), (long?)null);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                try
                {
                    var isComparing = time.GetElapsedTime(compared) >= s_compareEach;
                    if (isComparing)
                    {
                        compared = time.GetTimestamp();
                        await CompareAsync();
                    }

                    await Task.Run(sites.Look, _end.Token);
                    if (!isComparing || (swept is { } at && time.GetElapsedTime(at) < s_lookEach)) continue;
                    swept = time.GetTimestamp();
                    await SweepAsync();
                }
                catch (Exception e) when (e is not OperationCanceledException || !_end.IsCancellationRequested)
                {
                    // Whatever it is: what has reached its age goes at a later look.
                    log.LogWarning(e, "What has reached its age could not be looked at; it is tried again");
                    Volatile.Write(ref _problem, $"what has reached its age could not be looked at, and it is tried again: {e.Message}");
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task CompareAsync()
    {
        try
        {
            await compare();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is: the clock is known by other means, or doubted.
            log.LogDebug(e, "The clocks could not be compared");
        }
    }

    /// <summary>One look at everything.</summary>
    internal async Task SweepAsync()
    {
        await Task.Run(sites.Look);
        List<string> problems = [];
        foreach (var (site, rule, before) in sites.Over(KeptKind.Counts))
        {
            var why = $"kept as long as the file of site {site.Id} says ({rule})";
            await TryAsync($"reports of {site.Id}", async may =>
            {
                var over = reports?.Over(site.Id, before, site.TimeZone) ?? [];
                if (over.Count == 0 || !await may([.. over.Select(r => r.File)], why)) return 0;
                reports!.Delete(over);
                return over.Count;
            });
            await TryAsync($"studies of {site.Id}", async may =>
            {
                var over = Studies?.Over(site.Id, before) ?? [];
                if (over.Count == 0 || !await may([.. over.Select(s => s.File)], why)) return 0;
                Studies!.Delete(over);
                return over.Count;
            });
            await TryAsync($"scores of {site.Id}", async may =>
            {
                var over = scores.Over(site.Id, before);
                if (over.Count == 0 || !await may([.. over.Select(f => f.Name)], why)) return 0;
                foreach (var score in over) score.Delete();
                return over.Count;
            });
        }

        if (sites.Over(KeptKind.Journeys).Count > 0)
            await TryAsync("evidence", may => evidence(count => may([$"{count} pieces"], "kept as long as journeys")));
        var (end, _, of) = sites.Shared(KeptKind.Accounts, time.GetUtcNow());
        if (end is { } dismissed && sites.Problem is null)
        {
            await TryAsync("accounts", async may =>
            {
                var gone = await accounts.ForgetAsync(dismissed, due => may([Told(due)], of));
                return gone.Accounts.Length + gone.Tokens.Length;
            });
        }

        var problem = problems.Count == 0 ? null : string.Join("; ", problems);
        if (problem is not null && problem != Volatile.Read(ref _problem)) log.LogWarning("{Problem}", problem);
        Volatile.Write(ref _problem, problem);

        // What goes is in the audit before it does.
        async Task TryAsync(string what, Func<Func<IReadOnlyList<string>, string, Task<bool>>, Task<int>> remove)
        {
            try
            {
                if (await remove(MayAsync) is > 0 and var gone) log.LogInformation("Retention removed {Count} of {What}", gone, what);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                problems.Add($"{what} that have reached their age cannot be removed, and it is tried again each hour: {e.Message}");
            }

            async Task<bool> MayAsync(IReadOnlyList<string> due, string why)
            {
                var isRecorded = await sites.RecordAsync(what, $"{string.Join(", ", due.Take(20))}{(due.Count > 20 ? $" and {due.Count - 20} more" : "")}: {why}");
                if (!isRecorded) problems.Add($"{what} that have reached their age are kept until that can be recorded in the audit, and it is tried again each hour");
                return isRecorded;
            }
        }

        static string Told(ForgottenAccounts gone) => $"accounts of dismissed persons: {(gone.Accounts.IsEmpty ? "none" : string.Join(", ", gone.Accounts))}; ended tokens: {(gone.Tokens.IsEmpty ? "none" : string.Join(", ", gone.Tokens))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
    }
}
