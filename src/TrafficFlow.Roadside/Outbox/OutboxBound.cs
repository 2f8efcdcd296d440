using System.Globalization;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>
/// How much an outbox may hold, and when it must be heard before the bound is reached. Two bounds: a number of entries, and the disk. At
/// either the oldest entries make room for the newest: what is recent is what somebody still waits for, and what is gone shows as missing.
/// </summary>
internal sealed class OutboxBound(OutboxSettings settings, Func<long>? freeBytes)
{
    private int? _diskEntries;
    private long _free = long.MaxValue;
    private long _alarmedAt;
    private bool _diskAlarmed;

    /// <summary>Entries that may be pending now.</summary>
    public int Entries => Math.Min(settings.MaxEntries, _diskEntries ?? int.MaxValue);

    /// <summary>Looks at the disk: now and then, it costs a system call.</summary>
    public void CheckDisk(long pending)
    {
        if (freeBytes is null) return;
        _free = freeBytes();
        if (_free >= settings.LowDiskBytes) (_diskEntries, _diskAlarmed) = (null, false);
        else _diskEntries ??= (int)Math.Clamp(pending, settings.LowDiskEntries, int.MaxValue);
    }

    /// <summary>What an operator must hear now; null where nothing is new.</summary>
    public string? Alarm(long pending)
    {
        if (_diskEntries is not null && !_diskAlarmed)
        {
            _diskAlarmed = true;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"has only {_free / 1_000_000} MB of disk left: {pending} entries wait, and from {Entries} on the oldest will be lost. Free space, or bring the server back");
        }

        // The alarm is repeated after each further 5 % of the bound.
        var share = (double)pending / Entries;
        if (share < settings.AlarmAt)
        {
            _alarmedAt = 0;
            return null;
        }

        if (_alarmedAt != 0 && pending < _alarmedAt + (Entries / 20)) return null;
        _alarmedAt = pending;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"is {share * 100:0} % full: {pending} of {Entries} entries wait; when it is full the oldest are lost. Bring the server or the link to it back");
    }
}
