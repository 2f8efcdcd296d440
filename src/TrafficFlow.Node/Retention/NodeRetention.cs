using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Retention;

/// <summary>
/// Removes each hour what has reached its age of what lies in files of the node: reports and scores (counts), evidence (journeys), accounts of dismissed persons. Tables, outboxes, recordings and the audit are removed by those
/// who hold them, by the same rule.
/// </summary>
/// <param name="evidence">Removes what is over of it, and says how much.</param>
/// <param name="compare">Lets a server compare the clocks; at each look.</param>
internal sealed class NodeRetention(SiteRetention sites, ReportShelf? reports, ScoreFolder scores, Func<int> evidence, AccountStore accounts, Func<Task> compare, ILogger log, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_lookEach = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_compareEach = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _end = new();
    private Task _looking = Task.CompletedTask;
    private string? _problem;

    /// <summary>For the node's health: why what has reached its age is still there, and what to do; null where all is well.</summary>
    public string? Problem => Volatile.Read(ref _problem) ?? sites.Problem;

    public void Start() => _looking = LookAsync();

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(s_compareEach, time);
        long? swept = null;
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await CompareAsync();
                if (swept is { } at && time.GetElapsedTime(at) < s_lookEach) continue;
                swept = time.GetTimestamp();
                await SweepAsync();
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
        List<string> problems = [];
        foreach (var (site, rule, before) in sites.Over(KeptKind.Counts))
        {
            var why = $"kept as long as the file of site {site.Id} says ({rule})";
            await TryAsync($"reports of {site.Id}", () => Task.FromResult(reports?.Retire(site.Id, before, site.TimeZone) ?? []), why);
            await TryAsync($"scores of {site.Id}", () => Task.FromResult(scores.Retire(site.Id, before)), why);
        }

        if (sites.Over(KeptKind.Journeys).Count > 0)
            await TryAsync("evidence", () => Task.FromResult<IReadOnlyList<string>>(evidence() is > 0 and var count ? [$"{count} pieces"] : []), "kept as long as journeys");
        var (end, _, of) = sites.Shared(KeptKind.Accounts, time.GetUtcNow());
        if (end is { } over && sites.Problem is null) await TryAsync("accounts", () => ForgetAsync(over, of), null);
        var problem = problems.Count == 0 ? null : string.Join("; ", problems);
        if (problem is not null && problem != Volatile.Read(ref _problem)) log.LogWarning("{Problem}", problem);
        Volatile.Write(ref _problem, problem);

        async Task TryAsync(string what, Func<Task<IReadOnlyList<string>>> remove, string? why)
        {
            try
            {
                var gone = await remove();
                if (gone.Count == 0) return;
                log.LogInformation("Retention removed {Count} of {What}", gone.Count, what);
                if (why is not null && !await sites.RecordAsync(what, $"{string.Join(", ", gone.Take(20))}{(gone.Count > 20 ? $" and {gone.Count - 20} more" : "")}: {why}")) problems.Add($"what retention removed of {what} is not in the audit");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                problems.Add($"{what} that have reached their age cannot be removed, and it is tried again each hour: {e.Message}");
            }
        }
    }

    private async Task<IReadOnlyList<string>> ForgetAsync(DateTimeOffset before, string why)
    {
        var gone = await accounts.ForgetAsync(before, due => sites.RecordAsync("accounts", $"{Told(due)}: {why}"));
        return gone.IsNone ? [] : [Told(gone)];

        static string Told(ForgottenAccounts gone) => $"accounts of dismissed persons: {(gone.Accounts.IsEmpty ? "none" : string.Join(", ", gone.Accounts))}; ended tokens: {(gone.Tokens.IsEmpty ? "none" : string.Join(", ", gone.Tokens))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
    }
}
