using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Node.Retention;

/// <summary>
/// The one rule by which everything that has reached its age is erased: a clock that may be wrong erases nothing. It is believed while a time service keeps it right, while a server's clock agrees with it, after a
/// custodian has said that it is right, and as long as it goes on from such a moment as time really passes. Thread-safe.
/// </summary>
/// <remarks>Where the note of that moment is gone or damaged, what the data folder holds stands for it (<see cref="DataTraces"/>); only a folder that holds nothing is one of a first start.</remarks>
/// <param name="data">Data folder: when the clock was believed last is kept in it.</param>
/// <param name="isSynchronised">Whether the system knows its clock to be right; null where it does not tell.</param>
/// <param name="boot">Of the machine; null for that of the system.</param>
internal sealed class TrustedClock(string data, Func<bool?> isSynchronised, TimeProvider time, string? boot = null)
{
    public const string SeenName = "clock.seen";

    /// <summary>Written by a custodian's command; a running node takes it at its next look.</summary>
    public const string ConfirmedName = "clock.confirmed";

    /// <summary>Beyond which the clocks of two machines do not agree.</summary>
    public static readonly TimeSpan Agreement = TimeSpan.FromMinutes(1);

    /// <summary>Wall clock and monotonic clock may drift apart by so much.</summary>
    private static readonly TimeSpan s_drift = TimeSpan.FromMinutes(10);

    /// <summary>A machine may be off for so long without its clock being doubted.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromDays(3);

    /// <summary>A server that has not compared for so long says nothing.</summary>
    private static readonly TimeSpan s_comparedWithin = TimeSpan.FromMinutes(10);

    /// <summary>What is asked for by the thousand looks no more often.</summary>
    private static readonly TimeSpan s_lookEach = TimeSpan.FromMinutes(1);

    /// <summary>Of no machine: a moment that is known by what was written then.</summary>
    private const string NoBoot = "";

    private static readonly JsonSerializerOptions s_layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, MaxDepth = 2 };

    private readonly NodeClock _clock = new(time, boot);
    private readonly Lock _gate = new();
    private ClockOrigin? _last;
    private (TimeSpan Offset, long At)? _compared;
    private (DateTimeOffset Wall, long At)? _passed;

    /// <summary>False for a verb, which goes by what the node has kept, and keeps nothing itself.</summary>
    public bool Keeps { get; init; } = true;

    private string Seen => Path.Combine(data, SeenName);

    private string Confirmed => Path.Combine(data, ConfirmedName);

    /// <summary>What a server has found this node's clock to be off, by its own; a node that is the only server has nobody to compare with.</summary>
    public void Compared(TimeSpan offset)
    {
        lock (_gate) _compared = (offset, time.GetTimestamp());
    }

    /// <summary>Why nothing reaches its age now, and what to do; null where the clock is believed. Each time it is, that is noted.</summary>
    public string? Doubt()
    {
        lock (_gate)
        {
            _last ??= Read(Seen);
            TakeConfirmed();
            var isKnown = isSynchronised() == true || (_compared is { } compared && time.GetElapsedTime(compared.At) < s_comparedWithin && compared.Offset.Duration() < Agreement);
            var now = _clock.Now;
            if (!isKnown)
            {
                _last ??= DataTraces.Newest(data) is { } newest ? new ClockOrigin(NoBoot, TimeSpan.Zero, newest) : null;
                if (_last is { } last && WhyNot(last, now) is { } doubt) return doubt;
                // Small steps add up: only what has passed by the monotonic clock is gone on from.
                if (_last is { } before && _clock.ShiftSince(before) is { } apart && apart > TimeSpan.Zero) now = now with { Wall = now.Wall - apart };
            }

            // A clock that was put back erases too little, not too much: what it went on from stays the measure.
            if (isKnown || _last is null or { Boot: NoBoot } || now.Wall > _last.Wall) Note(now);
            return null;
        }
    }

    /// <summary>A time that has surely passed: that of now, at most a minute ago, where the clock is believed; else when it was believed last.</summary>
    public DateTimeOffset Passed()
    {
        lock (_gate)
        {
            if (_passed is not { } passed || time.GetElapsedTime(passed.At) >= s_lookEach) _passed = passed = (Doubt() is null || _last!.Wall > time.GetUtcNow() ? time.GetUtcNow() : _last.Wall, time.GetTimestamp());
            return passed.Wall;
        }
    }

    /// <summary>A person says that the clock is right. Takes effect at the next look of the node, if this is the boot that it runs in.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Confirm(string data, TimeProvider time, string? boot = null) => Write(Path.Combine(data, ConfirmedName), new NodeClock(time, boot).Now);

    /// <summary>It counts where it was said on this machine, since this boot: then the clock of now follows from it.</summary>
    private void TakeConfirmed()
    {
        if (!File.Exists(Confirmed)) return;
        if (Read(Confirmed) is { } confirmed && _clock.ShiftSince(confirmed) is not null) _last = confirmed;
        if (!Keeps) return;
        try
        {
            // Kept first: a crash between the two must not forget what was said.
            if (_last is { } last) Write(Seen, last);
            File.Delete(Confirmed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is taken again at the next look, of this boot alone: a clock that goes ahead from it is doubted all the same.
        }
    }

    private string? WhyNot(ClockOrigin last, ClockOrigin now)
    {
        const string Remedy = "set it right (timedatectl set-ntp true), or look at it and say so: trafficflow custody clock confirm; what has reached its age is kept meanwhile";
        if (last.Boot == NoBoot)
        {
            const string Gone = $"the note of when the clock was believed last ({SeenName}) is gone, and the newest that the node's data hold is of";
            if (last.Wall - now.Wall > s_drift) return $"{Gone} {last.Wall.UtcDateTime:yyyy-MM-dd HH:mm}Z, later than the clock says: {Remedy}";
            return now.Wall - last.Wall > s_pause ? $"{Gone} {last.Wall.UtcDateTime:yyyy-MM-dd HH:mm}Z, {(now.Wall - last.Wall).TotalDays:0} days ago by this clock: {Remedy}" : null;
        }

        // What is doubted is not noted: the same clock is doubted at the next look too, until it has come back or is known to be right.
        if (_clock.ShiftSince(last) is { } apart) return apart > s_drift ? $"the clock went ahead by {Text(apart)}, and nothing reaches its age by that: {Remedy}" : null;
        return now.Wall - last.Wall > s_pause ? $"the clock says that this node was off for {(now.Wall - last.Wall).TotalDays:0} days, and nobody knows it to be right: {Remedy}" : null;
    }

    private static string Text(TimeSpan apart) => apart < TimeSpan.FromHours(3) ? $"{apart.TotalMinutes:0} min" : apart < TimeSpan.FromDays(3) ? $"{apart.TotalHours:0} h" : $"{apart.TotalDays:0} days";

    private void Note(ClockOrigin now)
    {
        _last = now;
        if (!Keeps) return;
        try
        {
            if (Directory.Exists(data)) Write(Seen, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is noted with the next look; until then a long pause may be doubted.
        }
    }

    /// <summary>To be read by the account of the node, whoever wrote it; it holds nothing secret.</summary>
    private static void Write(string path, ClockOrigin origin)
    {
        using var draft = FileDraft.Of(path);
        using (var stream = draft.Open())
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(origin, s_layout));
            stream.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(draft.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        draft.Move();
    }

    /// <summary>Null where there is none, or what is there is none.</summary>
    private static ClockOrigin? Read(string path)
    {
        try
        {
            return File.Exists(path) && new FileInfo(path) is { LinkTarget: null, Length: < 4096 } ? JsonSerializer.Deserialize<ClockOrigin>(File.ReadAllBytes(path), s_layout) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
