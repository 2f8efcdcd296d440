using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Wire.Journals;

/// <summary>Since when a database cannot be used, and why.</summary>
/// <param name="Database">Names it.</param>
/// <param name="Reason">With what may help.</param>
public sealed record DatabaseOutage(string Database, string Reason, DateTimeOffset Since);

/// <summary>Which database an actor system stands on.</summary>
/// <param name="dropConnections">Those that are open may be broken, and each would fail once more.</param>
internal sealed class DatabaseSetup(string name, Action dropConnections) : Setup
{
    public string Name { get; } = name;

    public Action DropConnections { get; } = dropConnections;
}

/// <summary>
/// Whether the database of an actor system can be used. Journal, snapshots and read tables share it, and run through it what they ask of the
/// database: an operation that meets an outage is tried again until the database is back, instead of failing, so that no actor ends and
/// recovers because of it. One operation tries, with back-off and jitter; the others wait for it. An outage is logged once when it begins
/// and once when it is over; one that lasts less than a second is not worth a line.
/// </summary>
public sealed class DatabaseAvailability : IExtension
{
    private sealed class Outage(string reason, DateTimeOffset since, long startedAt)
    {
        public string Reason = reason;
        public bool IsLogged;
        public long LoggedAt;
        public readonly DateTimeOffset Since = since;
        public readonly long StartedAt = startedAt;
        public readonly TaskCompletionSource Over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // A restarted database is back within seconds, and counts should be soon after it.
    private static readonly BackOffSettings Waits = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), 0.3, TimeSpan.MaxValue);
    private static readonly TimeSpan WorthALine = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogAgain = TimeSpan.FromMinutes(10);

    private readonly string _name;
    private readonly ILoggingAdapter _log;
    private readonly TimeProvider _time;
    private readonly Action _dropConnections;
    private readonly Lock _gate = new();
    private Outage? _outage;

    /// <param name="dropConnections">Called when an outage begins: connections that are open may be broken.</param>
    public DatabaseAvailability(string name, ILoggingAdapter log, TimeProvider time, Action? dropConnections = null) =>
        (_name, _log, _time, _dropConnections) = (name, log, time, dropConnections ?? (() => { }));

    /// <summary>Of a system that was set up with a database of its own, see <see cref="JournalHosting"/>.</summary>
    public static DatabaseAvailability Of(ActorSystem system) => system.WithExtension<DatabaseAvailability, Provider>();

    /// <summary>Null while the database can be used, as far as anybody has noticed.</summary>
    public DatabaseOutage? Current
    {
        get
        {
            lock (_gate) return _outage is { } o ? new DatabaseOutage(_name, o.Reason, o.Since) : null;
        }
    }

    /// <summary>Returns when the operation has succeeded; what waiting cannot help is thrown.</summary>
    /// <param name="operation">
    /// Gets how often it has failed: after a failure nobody knows whether the database has done what it was asked for. Called on the
    /// caller's thread at first, if the database can be used, and on any later.
    /// </param>
    public async Task<T> RunAsync<T>(Func<int, Task<T>> operation, CancellationToken cancellation = default)
    {
        for (var failures = 0; ; failures++)
        {
            if (Volatile.Read(ref _outage) is { } outage) await outage.Over.Task.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await operation(failures).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested && DatabaseFault.Of(e) is { } reason)
            {
                if (Begin(reason) is { } own) return await TryUntilBackAsync(own, operation, failures + 1, cancellation).ConfigureAwait(false);
            }
        }
    }

    public Task RunAsync(Func<int, Task> operation, CancellationToken cancellation = default) => RunAsync(
        async failures =>
        {
            await operation(failures).ConfigureAwait(false);
            return true;
        },
        cancellation);

    private async Task<T> TryUntilBackAsync<T>(Outage outage, Func<int, Task<T>> operation, int failures, CancellationToken cancellation)
    {
        var waits = new BackOff(Waits, Random.Shared);
        var isBack = false;
        try
        {
            for (; ; failures++)
            {
                await Task.Delay(waits.Next(TimeSpan.Zero), _time, cancellation).ConfigureAwait(false);
                try
                {
                    var done = await operation(failures).ConfigureAwait(false);
                    isBack = true;
                    return done;
                }
                catch (Exception e) when (!cancellation.IsCancellationRequested)
                {
                    // Whatever else it refuses: it answers.
                    isBack = DatabaseFault.Of(e) is null;
                    if (isBack) throw;
                    Lasts(outage, DatabaseFault.Of(e)!);
                }
            }
        }
        finally
        {
            End(outage, isBack);
        }
    }

    private Outage? Begin(string reason)
    {
        lock (_gate)
        {
            if (_outage is not null) return null;
            _outage = new Outage(reason, _time.GetUtcNow(), _time.GetTimestamp());
            _dropConnections();
            return _outage;
        }
    }

    private void Lasts(Outage outage, string reason)
    {
        lock (_gate) outage.Reason = reason;
        if (_time.GetElapsedTime(outage.StartedAt) < WorthALine) return;
        if (outage.IsLogged && _time.GetElapsedTime(outage.LoggedAt) < LogAgain) return;
        _log.Warning(
            "The database {Database} cannot be used, since {Since:HH:mm:ss}Z: {Reason} Counts wait and are stored when it is back; nothing is lost",
            _name, outage.Since.UtcDateTime, reason);
        (outage.IsLogged, outage.LoggedAt) = (true, _time.GetTimestamp());
    }

    private void End(Outage outage, bool isBack)
    {
        lock (_gate) _outage = null;
        if (isBack && outage.IsLogged)
            _log.Warning("The database {Database} is back after {Seconds:0.0} s: counts go on", _name, _time.GetElapsedTime(outage.StartedAt).TotalSeconds);
        outage.Over.TrySetResult();
    }

    private sealed class Provider : ExtensionIdProvider<DatabaseAvailability>
    {
        public override DatabaseAvailability CreateExtension(ExtendedActorSystem system)
        {
            var setup = system.Settings.Setup.Get<DatabaseSetup>();
            var log = Logging.GetLogger(system, typeof(DatabaseAvailability));
            return setup.HasValue
                ? new DatabaseAvailability(setup.Value.Name, log, TimeProvider.System, setup.Value.DropConnections)
                : new DatabaseAvailability("of this node", log, TimeProvider.System);
        }
    }
}
