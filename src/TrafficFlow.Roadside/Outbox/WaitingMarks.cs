using System.Diagnostics;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>
/// When what waits in an outbox was stored: for the age of the oldest entry. A mark stands for all that was stored within some seconds, so that a week without a
/// server is no burden. Pure: times are timestamps of <see cref="Stopwatch"/>.
/// </summary>
internal sealed class WaitingMarks
{
    internal static readonly TimeSpan Coarseness = TimeSpan.FromSeconds(5);

    private readonly Queue<(LogPosition UpTo, long At)> _older = [];
    private (LogPosition UpTo, long At)? _newest;

    /// <summary>When the oldest entry was stored that waits, or was first seen to wait; null while none does.</summary>
    public long? Oldest => _older.TryPeek(out var first) ? first.At : _newest?.At;

    /// <param name="oldest">The first entry that waits; null where none does.</param>
    /// <param name="lastStored">The last one that was stored.</param>
    public void Look(LogPosition? oldest, LogPosition lastStored, long now)
    {
        if (oldest is not { } first)
        {
            _older.Clear();
            _newest = null;
            return;
        }

        while (_older.TryPeek(out var mark) && mark.UpTo < first) _older.Dequeue();
        if (_newest is { } over && over.UpTo < first) _newest = null;
        if (_newest is not { } newest)
        {
            _newest = (lastStored, now);
        }
        else if (lastStored > newest.UpTo)
        {
            if (Stopwatch.GetElapsedTime(newest.At, now) < Coarseness)
            {
                _newest = newest with { UpTo = lastStored };
                return;
            }

            _older.Enqueue(newest);
            _newest = (lastStored, now);
        }
    }
}
