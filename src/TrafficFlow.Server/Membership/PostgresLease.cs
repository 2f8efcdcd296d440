using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Coordination;
using Akka.Event;
using Npgsql;

namespace TrafficFlow.Server.Membership;

/// <summary>Where the lease lives; part of the actor system's set-up, as a connection may carry a password.</summary>
public sealed class PostgresLeaseSetup(NpgsqlDataSource source) : Setup
{
    public NpgsqlDataSource Source { get; } = source;
}

/// <summary>
/// One row of the servers' database, owned by at most one server at a time: what decides between two halves of a cluster of which neither
/// has the majority, so that of two servers the living one goes on. It runs out by the database's clock, never by a node's.
/// Source of the contract: Akka.Coordination.Lease.
/// </summary>
public sealed class PostgresLease : Lease
{
    private const string Create =
        """
        CREATE TABLE IF NOT EXISTS trafficflow_lease (name text PRIMARY KEY, owner text NOT NULL, until timestamptz NOT NULL)
        """;

    private const string Take =
        """
        INSERT INTO trafficflow_lease (name, owner, until) VALUES ($1, $2, now() + $3)
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
        WHERE trafficflow_lease.owner = excluded.owner OR trafficflow_lease.until < now()
        """;

    private const string GiveBack = "DELETE FROM trafficflow_lease WHERE name = $1 AND owner = $2";

    private readonly NpgsqlDataSource _source;
    private readonly ILoggingAdapter _log;
    private readonly object _gate = new();
    private CancellationTokenSource? _renewing;
    private volatile bool _held;
    private Task _renewal = Task.CompletedTask;

    /// <summary>As Akka makes it: by reflection, from akka.coordination.lease settings.</summary>
    public PostgresLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _source = system.Settings.Setup.Get<PostgresLeaseSetup>().Value.Source;
        _log = Logging.GetLogger(system, typeof(PostgresLease));
    }

    public override bool CheckLease() => _held;

    public override Task<bool> Acquire() => Acquire(_ => { });

    /// <summary>False where another owner holds it. Fails where the database does not answer.</summary>
    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        try
        {
            await ExecuteAsync(Create).ConfigureAwait(false);
            _held = await TakeAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            _log.Warning("The servers' lease could not be asked for: {Problem}. Is the database up?", e.GetBaseException().Message);
            throw new LeaseException($"the database of the lease does not answer: {e.GetBaseException().Message}", e);
        }

        if (_held) Renew(leaseLostCallback);
        return _held;
    }

    public override async Task<bool> Release()
    {
        StopRenewing();
        _held = false;
        // A renewal that is under way would take it again behind the deletion.
        await _renewal.ConfigureAwait(false);
        await ExecuteAsync(GiveBack, new() { Value = Settings.LeaseName }, new() { Value = Settings.OwnerName }).ConfigureAwait(false);
        return true;
    }

    private void Renew(Action<Exception> lost)
    {
        StopRenewing();
        var renewing = new CancellationTokenSource();
        lock (_gate) _renewing = renewing;
        _renewal = RenewAsync(lost, renewing.Token);
    }

    private async Task RenewAsync(Action<Exception> lost, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Settings.TimeoutSettings.HeartbeatInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                if (await TakeAsync().ConfigureAwait(false)) continue;
                _held = false;
                lost(new LeaseException("another server took the lease"));
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
        catch (NpgsqlException e)
        {
            _held = false;
            lost(e);
        }
    }

    private void StopRenewing()
    {
        lock (_gate)
        {
            _renewing?.Cancel();
            _renewing?.Dispose();
            _renewing = null;
        }
    }

    private async Task<bool> TakeAsync() =>
        await ExecuteAsync(
            Take,
            new() { Value = Settings.LeaseName }, new() { Value = Settings.OwnerName }, new() { Value = Settings.TimeoutSettings.HeartbeatTimeout })
            .ConfigureAwait(false) == 1;

    private async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = Math.Max(1, (int)Settings.TimeoutSettings.OperationTimeout.TotalSeconds);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
