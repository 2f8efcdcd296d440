using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Alerts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Alerts;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Node.Registers;

/// <summary>
/// Does by itself what time brings: dismissals that come into force, approvals that lapse, contact data that is over, and what is due is told, once by each channel. It also sees accounts that
/// another process has changed, so that open pages end. What keeps it from doing so is in <see cref="Problem"/>; it goes on.
/// </summary>
/// <param name="record">Into the node's audit.</param>
internal sealed class CustodyWatch(
    string dataFolder, CustodyBooks books, AccountStore accounts, IReadOnlyList<IAlertChannel> channels, Func<AuditEvent, Task> record, ILogger log, TimeProvider time) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan s_lookEach = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_compareEach = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_tellEach = TimeSpan.FromMinutes(1);
    private static readonly BackOffSettings s_waits = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), 0.1, TimeSpan.MaxValue);

    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, (BackOff Waits, long FailedAt, TimeSpan Wait)> _failures = [];
    private readonly Dictionary<string, string> _problems = [];
    private readonly Lock _gate = new();
    private SentAlerts? _sent;
    private PersonsEnforced _enforced = PersonsEnforced.Nothing;
    private long? _toldAt;
    private long? _comparedAt;
    private Task _watching = Task.CompletedTask;

    /// <summary>Null where the node tells no other one who was dismissed.</summary>
    public ClusterDismissals? Elsewhere { get; init; }

    /// <summary>What is to be told of recordings, of this node and of others; nothing where there are none.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<DueReport>>> Recordings { get; init; } = _ => Task.FromResult<IReadOnlyList<DueReport>>([]);

    /// <summary>For the node's health: what is not as it should be, and what to do; null while all is well.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate) return _problems.Count == 0 ? null : string.Join("; ", _problems.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value));
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody is let in: who was dismissed while the node was down stays out.
        await LookAsync();
        _watching = Task.Run(WatchAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync();
        await _watching;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var channel in channels.OfType<IDisposable>()) channel.Dispose();
        _end.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One look at everything that time brings.</summary>
    internal async Task LookAsync()
    {
        await TryAsync("accounts", () =>
        {
            accounts.Look();
            return Task.CompletedTask;
        });
        await TryAsync(PersonStore.Name, EnforceAsync);
        await TryAsync("policies", LookAtPoliciesAsync);
        await TryAsync("registers and audit", () =>
        {
            if (_comparedAt is { } at && time.GetElapsedTime(at) < s_compareEach) return Task.CompletedTask;
            _comparedAt = time.GetTimestamp();
            Set("rolled back", RegisterRollback.Find(books, new EndRegister(dataFolder, Path.Combine(dataFolder, RecordingVault.FolderName), time), new AuditPlace(dataFolder)) is { Count: > 0 } found ? string.Join("; ", found) : null);
            return Task.CompletedTask;
        });
        await TryAsync("approvals", books.Approvals.LapseAsync);
        await TryAsync("requests", async () =>
        {
            foreach (var id in await books.Requests.DeleteContactsAsync()) await record(Own("custody contact deleted", id, null));
        });
        await TryAsync("inspections", () =>
        {
            var over = books.Inspections.Due().Where(d => d.Standing == InspectionStanding.Overdue).ToList();
            Set("inspections overdue", over.Count == 0 ? null : $"{over.Count} {(over.Count == 1 ? "inspection is" : "inspections are")} overdue: {string.Join(", ", over.Select(o => $"{o.Plan.Site} ({(o.Plan.Kind == InspectionKind.HandCarry ? "at the site" : "from afar")}, {o.Due:yyyy-MM-dd})"))}; record it on the page /custody/inspections");
            return Task.CompletedTask;
        });
    }

    /// <summary>Tells what was not told yet, by each channel.</summary>
    internal async Task TellAsync(CancellationToken cancellation)
    {
        if (channels.Count == 0) return;
        _sent ??= new SentAlerts(dataFolder);
        List<Alert> alerts = [];
        await TryAsync("what is due", () =>
        {
            alerts.AddRange(CustodyAlerts.Of(books, _enforced, time.GetUtcNow()));
            return Task.CompletedTask;
        });
        await TryAsync("what is due of recordings", async () => alerts.AddRange((await Recordings(cancellation)).Select(d => CustodyAlerts.Of(d))));
        foreach (var channel in channels) await TellAsync(channel, [.. ReportedDues.Due(alerts, channel.Name, _sent, time.GetUtcNow())], _sent, cancellation);
    }

    private async Task TellAsync(IAlertChannel channel, IReadOnlyList<(Alert Alert, string Name)> alerts, SentAlerts sent, CancellationToken cancellation)
    {
        var failure = _failures.GetValueOrDefault(channel.Name);
        if (failure.Waits is not null && time.GetElapsedTime(failure.FailedAt) < failure.Wait) return;
        try
        {
            foreach (var (alert, name) in alerts)
            {
                await channel.SendAsync(alert, cancellation);
                sent.Add(name, time.GetUtcNow());
                log.LogInformation("{Alert} was told by {Channel}", alert.Id, channel.Name);
            }

            _failures.Remove(channel.Name);
            Set(channel.Name, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var waits = failure.Waits ?? new BackOff(s_waits, Random.Shared);
            _failures[channel.Name] = (waits, time.GetTimestamp(), waits.Next(TimeSpan.Zero));
            if (failure.Waits is null) log.LogWarning("What is due is not told by {Channel}, and is tried again: {Reason}", channel.Name, e.Message);
            Set(channel.Name, $"what is due is not told by {channel.Name}: {e.Message}");
        }
    }

    private async Task LookAtPoliciesAsync()
    {
        foreach (var change in await books.Policies.LookAsync())
        {
            if (change.IsLooser) log.LogWarning("The file of site {Site} asks for less: {Changes}", change.Now.Site, string.Join("; ", change.Now.Loosened(change.Before!)));
        }

        var loosened = CustodyAlerts.Loosened(books, time.GetUtcNow()).ToList();
        Set("policy", loosened.Count == 0 ? null : string.Join("; ", loosened.Select(l => $"the policy of custody protects less at {l.Change.Now.Site} since {l.Change.Entry.Time.UtcDateTime:yyyy-MM-dd HH:mm}Z ({l.What}): does the custodian know? See the page /custody; it is told for {CustodyAlerts.LoosenedFor.TotalDays:0} days")));
    }

    private async Task EnforceAsync()
    {
        _enforced = await books.Persons.EnforceAsync();
        foreach (var (appointment, account) in _enforced.Done)
        {
            log.LogInformation("The dismissal {Id} has taken effect: account {Outcome}", appointment.Id, account);
            var entry = books.Persons.History()[^1];
            await record(Own("custody dismissal took effect", appointment.Account ?? appointment.Id, $"{appointment.Id}, account {account}; entry {entry.Number} {entry.Hash[..16]}"));
        }

        foreach (var account in _enforced.Again)
        {
            log.LogWarning("Account {Account} of a dismissed person could log in again, and was disabled: was a backup put back?", account);
            await record(Own("custody dismissal enforced again", account, null));
        }

        Set("dismissals held", _enforced.Held.IsEmpty ? null : string.Join("; ", _enforced.Held.Select(h => $"the dismissal {h.Appointment.Id} could not be carried out: {h.Why}")));
    }

    private async Task SpreadAsync(ClusterDismissals elsewhere)
    {
        await TryAsync("dismissals at other nodes", () => elsewhere.LookAsync(_end.Token));
        Set("dismissals not everywhere", elsewhere.Problem);
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(s_lookEach, time);
        var (telling, spreading) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            do
            {
                await LookAsync();
                // Beside the looks: a node that hangs keeps nobody's access here open.
                if (spreading.IsCompleted && Elsewhere is { } elsewhere) spreading = Task.Run(() => SpreadAsync(elsewhere), _end.Token);
                if (!telling.IsCompleted || (_toldAt is { } told && time.GetElapsedTime(told) < s_tellEach)) continue;
                _toldAt = time.GetTimestamp();
                // Beside the looks: a mail server that hangs keeps nobody's access open.
                telling = Task.Run(() => TryAsync("alerts", () => TellAsync(_end.Token)), _end.Token);
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The node stops.
        }

        await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await spreading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TryAsync(string what, Func<Task> look)
    {
        try
        {
            await look();
            Set(what, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is: dismissals and what is due must be looked at again.
            if (Set(what, e.Message)) log.LogError("Custody of {What} cannot go on: {Reason}", what, e.Message);
        }
    }

    /// <returns>Whether it is new.</returns>
    private bool Set(string what, string? problem)
    {
        lock (_gate)
        {
            if (problem is null) return _problems.Remove(what);
            var isNew = _problems.GetValueOrDefault(what) != problem;
            _problems[what] = problem;
            return isNew;
        }
    }

    private static AuditEvent Own(string action, string target, string? details) => new(AuditKind.Change, RegisterAuthor.Node.Name, RegisterAuthor.Node.Account, action, target, Details: details);
}
