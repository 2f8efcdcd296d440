using System.Threading.Channels;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Audit;

/// <summary>
/// The record of who did what, in the data folder: only ever appended to, each record bound to the one before by its hash, and signed with the node's key. Records that come at once
/// are put on the disk together. Several processes may append: each batch is written under a lock. What cannot be written, as on a full disk, is counted, and a record of the
/// gap is written when that is possible again; nothing that is recorded waits for it. Thread-safe.
/// </summary>
/// <remarks>
/// <para>What an attacker can do, who may write to</para>
/// <list type="table">
/// <item><term>audit.log alone</term><description>Every change, drop, insertion (behind the last record, too), swap, cut or roll-back is found and located: the head names the last record, each record the hash of the one before it. A chain computed
/// anew from record K on is found, and located to between the last signed checkpoint that still fits and the first that does not.</description></item>
/// <item><term>audit.log and audit.head</term><description>The head cannot be forged without the key, and removing it is a finding. An older head with the log of then (a roll-back) is found if a
/// checkpoint was signed since; else only with the copies elsewhere.</description></item>
/// <item><term>all files of the folder but the key</term><description>Nothing can be forged. A roll-back of all of them together to an earlier state of all is consistent in itself: it is found with the copies
/// (<see cref="AuditOptions.CopyTo"/>), whose head goes further, up to the last record.</description></item>
/// <item><term>the folder, the key, and not the copies</term><description>A new history can be written and signed. The statements of the copies tell other hashes, or are missing here: found, and located to the records since the last
/// one that both have. Records that were made up after the theft of the key are not told from true ones.</description></item>
/// <item><term>audit.pub</term><description>A key can be added and everything signed anew with it. Verify with a copy of audit.pub that was kept elsewhere (--key), or compare the key's id that a verification tells.</description></item>
/// <item><term>the folder, the key and the copies</term><description>Everything. Give the other folder to another account or machine.</description></item>
/// <item><term>the running process</term><description>Whatever it will record from then on; not what is signed elsewhere.</description></item>
/// <item><term>the disk's space</term><description>Records can be kept from being written by filling it. Commands go on, and the gap is recorded with how many and of what kind.</description></item>
/// </list>
/// <para>What is about to be written is signed before it is (audit.pending): only that may stand behind the head after a crash. It can be cut off unseen then, and was not answered either.</para>
/// </remarks>
public sealed class AuditLog : IAsyncDisposable
{
    /// <summary>That wait to be written; beyond them they are counted as lost.</summary>
    private const int MostWaiting = 10_000;

    private const int MostOfBatch = 500;

    private static readonly TimeSpan s_lookEach = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_trimEach = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_copyWithin = TimeSpan.FromSeconds(2);

    /// <param name="Event">Null for a look at the clock.</param>
    private sealed record Waiting(AuditEvent? Event, TaskCompletionSource<long?> Done);

    private readonly AuditPlace _place;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly AuditKey _key;
    private readonly AuditCopies? _copies;
    private readonly AuditChain _chain;
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Dictionary<AuditKind, long> _lost = [];
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private Task _writing = Task.CompletedTask;
    private DateTimeOffset? _lostSince;
    private DateTimeOffset _trimmedAt;
    private string? _problem;

    private AuditLog(AuditPlace place, AuditOptions options, TimeProvider time, AuditKey key)
    {
        (_place, _options, _time, _key) = (place, options, time, key);
        _copies = options.CopyTo is { } folder ? new AuditCopies(folder, key, time) : null;
        _chain = new AuditChain(place, options, key, time, _copies);
    }

    /// <summary>Records that could not be written so far and of which no record of the gap is written yet.</summary>
    public long Lost
    {
        get
        {
            lock (_gate) return _lost.Values.Sum();
        }
    }

    /// <summary>For the node's health: why records are not written, or not copied elsewhere, and what to do. Null where all is well.</summary>
    public string? Problem => Volatile.Read(ref _problem) ?? _copies?.Problem ?? (Lost is var lost and > 0 ? $"{lost} records of the audit could not be written so far: they were too many at once" : null);

    /// <summary>Opens the audit of a data folder, ends what a crash has left open, and records the node's start.</summary>
    /// <exception cref="VaultFileException">The key or the public keys cannot be used.</exception>
    public static async Task<AuditLog> OpenAsync(string dataFolder, AuditOptions options, TimeProvider time)
    {
        var place = new AuditPlace(dataFolder);
        AuditKey key;
        bool isNew;
        using (await FileLock.TakeAsync(place.Lock).ConfigureAwait(false)) key = AuditKey.LoadOrCreate(place.Key, out isNew);
        var log = new AuditLog(place, options, time, key);
        // Read once here, so that what is wrong with it is told before the node starts.
        _ = place.PublicKeys();
        log._writing = Task.Run(log.WriteAllAsync);
        if (isNew) await log.RecordAsync(AuditChain.Own("new key", key.Id, "records are signed with it from here on")).ConfigureAwait(false);
        if (!options.IsNode) return log;
        await log.RecordAsync(AuditChain.Own("node started", Environment.MachineName, $"process {Environment.ProcessId}")).ConfigureAwait(false);
        await log.UnderLockAsync(log._chain.Checkpoint).ConfigureAwait(false);
        log._timer = time.CreateTimer(_ => log._queue.Writer.TryWrite(new Waiting(null, new TaskCompletionSource<long?>())), null, s_lookEach, s_lookEach);
        return log;
    }

    /// <summary>Id of the key that signs.</summary>
    public string KeyId => _key.Id;

    /// <summary>Completes when the record is on the disk: whoever answers a change waits for it. Whoever only tells of a view need not.</summary>
    /// <returns>Its number; null where it could not be written, which is counted.</returns>
    public Task<long?> RecordAsync(AuditEvent e)
    {
        var waiting = new Waiting(e, new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_queue.Writer.TryWrite(waiting)) return waiting.Done.Task;
        Lose([e]);
        return Task.FromResult<long?>(null);
    }

    /// <summary>For who answers somebody: a disk or another process that holds the files must not hold up a log-in or a command.</summary>
    /// <returns>As <see cref="RecordAsync"/>; null too where it is not known yet, and it will be written or counted later.</returns>
    public async Task<long?> RecordSoonAsync(AuditEvent e)
    {
        try
        {
            return await RecordAsync(e).WaitAsync(s_patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Ends when all is written, or that takes long: a node must be able to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_timer is { } timer) await timer.DisposeAsync().ConfigureAwait(false);
        var ending = EndAsync();
        // The key is not taken from a task that still signs.
        if (await Task.WhenAny(ending, Task.Delay(s_stopWithin, TimeProvider.System)).ConfigureAwait(false) == ending) _key.Dispose();
    }

    private async Task EndAsync()
    {
        if (_options.IsNode) await RecordAsync(AuditChain.Own("node stopped", Environment.MachineName, $"process {Environment.ProcessId}")).ConfigureAwait(false);
        _queue.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        if (_options.IsNode) await UnderLockAsync(_chain.Checkpoint).ConfigureAwait(false);
        if (_copies is { } copies) await copies.FlushAsync(s_copyWithin).ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<Waiting>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MostOfBatch && _queue.Reader.TryRead(out var next)) batch.Add(next);
            await WriteAsync([.. batch.Where(w => w.Event is not null)]).ConfigureAwait(false);
            foreach (var looked in batch) looked.Done.TrySetResult(null);
            batch.Clear();
        }
    }

    private async Task WriteAsync(IReadOnlyList<Waiting> batch)
    {
        IReadOnlyList<long> numbers = [];
        var gap = Gap(out var told);
        var events = batch.Select(w => w.Event!).ToList();
        var isWritten = await UnderLockAsync(() =>
        {
            if (gap is not null) events.Insert(0, gap);
            if (events.Count > 0) numbers = _chain.Write(events);
        }).ConfigureAwait(false);
        if (!isWritten)
        {
            Lose(batch.Select(w => w.Event!));
            return;
        }

        if (gap is not null) Found(told);
        for (var i = 0; i < batch.Count; i++) batch[i].Done.TrySetResult(numbers[i + (gap is null ? 0 : 1)]);
        // Behind the answers: a checkpoint that fails has cost no record.
        var now = _time.GetUtcNow();
        if (_chain.WantsCheckpoint(now)) await UnderLockAsync(_chain.Checkpoint).ConfigureAwait(false);
        if (!_options.IsNode || now - _trimmedAt < s_trimEach) return;
        _trimmedAt = now;
        await UnderLockAsync(() => _ = _chain.Trim()).ConfigureAwait(false);
    }

    /// <returns>False where it could not be done.</returns>
    private async Task<bool> UnderLockAsync(Action change)
    {
        try
        {
            using var held = await FileLock.TakeAsync(_place.Lock).ConfigureAwait(false);
            _chain.Continue();
            change();
            Volatile.Write(ref _problem, null);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or VaultFileException)
        {
            Volatile.Write(ref _problem, $"the audit in {_place.Folder} cannot be written ({e.Message}): free some space, and see to it that the node's account may write there; what is not recorded meanwhile is counted");
            return false;
        }
    }

    private void Lose(IEnumerable<AuditEvent> events)
    {
        lock (_gate)
        {
            _lostSince ??= _time.GetUtcNow();
            foreach (var e in events) _lost[e.Kind] = _lost.GetValueOrDefault(e.Kind) + 1;
        }
    }

    private AuditEvent? Gap(out Dictionary<AuditKind, long> told)
    {
        lock (_gate)
        {
            told = new Dictionary<AuditKind, long>(_lost);
            return told.Count == 0
                ? null
                : AuditChain.Own("gap", $"{told.Values.Sum()} records", $"could not be written since {_lostSince?.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {string.Join(", ", told.OrderBy(l => l.Key).Select(l => $"{l.Value} {AuditKinds.Of(l.Key)}"))}");
        }
    }

    private void Found(Dictionary<AuditKind, long> told)
    {
        lock (_gate)
        {
            foreach (var (kind, count) in told)
            {
                if ((_lost[kind] -= count) <= 0) _lost.Remove(kind);
            }

            if (_lost.Count == 0) _lostSince = null;
        }
    }
}
