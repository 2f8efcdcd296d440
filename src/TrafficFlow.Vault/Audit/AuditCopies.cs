using TrafficFlow.Core.Files;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Audit;

/// <summary>
/// The copies of heads and checkpoints in another folder, which may be of a machine that does not answer: they are read and written on a task of their own, one at a time, and
/// nobody waits for it for long. The newest head is enough; each checkpoint is kept until it is copied. Thread-safe.
/// </summary>
internal sealed class AuditCopies(string folder, AuditKey key, TimeProvider time)
{
    private const int MostWaiting = 1_000;

    /// <summary>For reading them, before records go on from what they say.</summary>
    private static readonly TimeSpan s_readWithin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_silentAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _checkpoints = [];
    private byte[]? _head;
    private Task _working = Task.CompletedTask;
    private bool _isBusy;
    private long _beganAt;
    private string? _problem;

    /// <summary>Why they are not up to date, and what to do; null where they are.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate)
            {
                return _isBusy && time.GetElapsedTime(_beganAt) > s_silentAfter
                    ? $"checkpoints of the audit cannot be copied to {folder} (it has not answered for {time.GetElapsedTime(_beganAt).TotalSeconds:0} s): is that machine or disk there?"
                    : _problem;
            }
        }
    }

    /// <summary>Takes the place of a head that was not copied yet.</summary>
    public void PutHead(byte[] head)
    {
        lock (_gate)
        {
            _head = head;
            Begin();
        }
    }

    public void PutCheckpoint(byte[] line)
    {
        lock (_gate)
        {
            if (_checkpoints.Count >= MostWaiting) _checkpoints.Dequeue();
            _checkpoints.Enqueue(line);
            Begin();
        }
    }

    /// <summary>What they say.</summary>
    /// <returns>None where they cannot be read soon: <see cref="Problem"/> says why.</returns>
    public IReadOnlyList<byte[]> Read()
    {
        var isRead = new ManualResetEventSlim();
        byte[][]? read = null;
        lock (_gate)
        {
            if (_isBusy) return [];
            (_isBusy, _beganAt) = (true, time.GetTimestamp());
            _working = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        if (isRead.Wait(s_readWithin)) return Volatile.Read(ref read) ?? [];
        lock (_gate) _problem = $"the copies of the audit in {folder} cannot be read (it has not answered for {s_readWithin.TotalSeconds:0} s): is that machine or disk there?";
        return [];

        void ReadAll()
        {
            try
            {
                Volatile.Write(ref read, [AuditPlace.ReadAll(PathOf(AuditPlace.CheckpointsName)), AuditPlace.ReadAll(PathOf(AuditPlace.HeadName))]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or VaultFileException)
            {
                lock (_gate) _problem = $"the copies of the audit in {folder} cannot be read ({e.Message}): is that disk there, and may this account read it?";
            }
            finally
            {
                isRead.Set();
                lock (_gate)
                {
                    _isBusy = false;
                    // What was put meanwhile.
                    if (_head is not null || _checkpoints.Count > 0) Begin();
                }
            }
        }
    }

    /// <summary>Ends when all is copied, or that takes long.</summary>
    public async Task FlushAsync(TimeSpan within)
    {
        var patience = Task.Delay(within, TimeProvider.System);
        while (!patience.IsCompleted)
        {
            Task working;
            lock (_gate)
            {
                if (!_isBusy) return;
                working = _working;
            }

            await Task.WhenAny(working, patience).ConfigureAwait(false);
        }
    }

    private void Begin()
    {
        // What is put while it works is seen by its next round.
        if (_isBusy) return;
        (_isBusy, _beganAt) = (true, time.GetTimestamp());
        _working = Task.Factory.StartNew(CopyAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void CopyAll()
    {
        while (true)
        {
            byte[]? head;
            byte[]? checkpoint;
            lock (_gate)
            {
                (head, _head) = (_head, null);
                _ = _checkpoints.TryPeek(out checkpoint);
                if (head is null && checkpoint is null)
                {
                    _isBusy = false;
                    return;
                }

                _beganAt = time.GetTimestamp();
            }

            try
            {
                Directory.CreateDirectory(folder);
                if (!File.Exists(PathOf(AuditPlace.PublicKeyName))) FileDraft.Write(PathOf(AuditPlace.PublicKeyName), key.PublicPem);
                if (head is not null) SignedFile.Overwrite(PathOf(AuditPlace.HeadName), head);
                if (checkpoint is not null) SignedFile.Append(PathOf(AuditPlace.CheckpointsName), checkpoint);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The record itself goes on; whoever looks after the node is told, and the next record tries again.
                lock (_gate)
                {
                    (_isBusy, _head) = (false, _head ?? head);
                    _problem = $"checkpoints of the audit cannot be copied to {folder} ({e.Message}): is that disk there and not full, and may this account write to it?";
                }

                return;
            }

            lock (_gate)
            {
                _problem = null;
                if (checkpoint is not null && _checkpoints.TryPeek(out var first) && ReferenceEquals(first, checkpoint)) _checkpoints.Dequeue();
            }
        }
    }

    private string PathOf(string name) => Path.Combine(folder, AuditPlace.CopyName(name, key.Id));
}
