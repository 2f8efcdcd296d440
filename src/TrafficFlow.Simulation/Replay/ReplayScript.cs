using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Replay;

/// <summary>
/// What a replay camera plays: the traffic of a <see cref="FlowScript"/> in a loop, from a phase on. Which entry has which number is computed, not remembered, so
/// that it can be read from any number on. Every vehicle enters after its start; coverage follows the counts that lie in it.
/// </summary>
public sealed class ReplayScript : IReplayScript
{
    private readonly ReplaySource _source;
    private readonly FlowScript _script;
    private readonly CameraSetup _camera;
    private readonly RouteCounts _routes;
    private readonly CountLoop _counts;
    private readonly long _coverage;
    private readonly long? _end;
    private readonly long _intervals;

    public ReplayScript(Site site, CameraSetup camera, ReplaySource source, FlowScript script)
    {
        (_camera, _source, _script) = (camera, source, script);
        _routes = new RouteCounts(site, camera, SameTraffic(site, source));
        _counts = new CountLoop(script, source.Phase, v => _routes.Of(v.Entry, v.Exit));
        _coverage = source.Coverage.Ticks;
        _end = source.Length?.Ticks;
        // Event time has an end of its own, in the year 9999.
        var longest = (DateTimeOffset.MaxValue - source.Start).Ticks;
        _intervals = _end is { } end ? (Math.Min(end, longest) + _coverage - 1) / _coverage : longest / _coverage;
        Feeds = new MovementMapper(camera, site).Feeds;
        Provenance = new Provenance(site.Hash, "replay", script.Name, Provenance.NoCalibration);
        Name = $"replay-{ContentHash()}";
    }

    public string Name { get; }

    public Provenance Provenance { get; }

    public IReadOnlyList<ApproachId> Feeds { get; }

    public DateTimeOffset Start => _source.Start;

    public double Speed => _source.Speed;

    /// <summary>Entries in all; null for a script without end.</summary>
    public long? Length => _end is null ? null : EntriesBefore(_intervals);

    /// <summary>Cameras of a site that see the same vehicles, in the site's order.</summary>
    internal static IReadOnlyList<CameraSetup> SameTraffic(Site site, ReplaySource source) =>
        [.. site.Cameras.Where(c => ReplaySource.IsReplay(c.Source) && ReplaySource.Parse(c.Source).Traffic == source.Traffic)];

    /// <exception cref="ArgumentOutOfRangeException">The first entry is 1.</exception>
    public IEnumerable<ReplayScriptEntry> From(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        return Read(sequence);
    }

    private IEnumerable<ReplayScriptEntry> Read(long sequence)
    {
        var interval = IntervalOf(sequence);
        if (interval == _intervals) yield break;
        var count = _counts.Before(interval * _coverage) + sequence - EntriesBefore(interval) - 1;
        for (; interval < _intervals; interval++)
        {
            var until = EndOf(interval);
            for (var limit = _counts.Before(until); count < limit; count++) yield return CountEntry(sequence++, count);
            yield return CoverageEntry(sequence++, interval, until);
        }
    }

    private ReplayScriptEntry CountEntry(long sequence, long count)
    {
        var (vehicleIndex, countIndex, ticks) = _counts.At(count);
        var vehicle = _script.Vehicles[vehicleIndex];
        var meaning = _routes.Of(vehicle.Entry, vehicle.Exit)[countIndex];
        var time = _source.Start.AddTicks(ticks);
        var counted = new CountedVehicle(
            _camera.Id, meaning.Approach, meaning.Movement, time, vehicle.Class, vehicle.Size, meaning.HasSpeed ? vehicle.SpeedKmh : null);
        return new ReplayScriptEntry(sequence, time, counted, null);
    }

    private ReplayScriptEntry CoverageEntry(long sequence, long interval, long until)
    {
        var (from, to) = (_source.Start.AddTicks(interval * _coverage), _source.Start.AddTicks(until));
        var frames = (int)Math.Round((to - from).TotalSeconds * _camera.Frame.FramesPerSecond);
        return new ReplayScriptEntry(sequence, to, null, new Coverage(_camera.Id, from, to, frames, 0, WatchState.Watching));
    }

    private long EndOf(long interval) => Math.Min((interval + 1) * _coverage, _end ?? long.MaxValue);

    /// <summary>Entries of all coverage intervals before this one: their counts, and a coverage each.</summary>
    private long EntriesBefore(long interval) => _counts.Before(Math.Min(interval * _coverage, _end ?? long.MaxValue)) + interval;

    private long IntervalOf(long sequence)
    {
        // Every interval has an entry at least.
        var (low, high) = (0L, Math.Min(sequence, _intervals));
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (EntriesBefore(middle + 1) < sequence) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>
    /// Over what the entries say. The site's hash is not part of it: a change elsewhere in the site file must not make this camera count
    /// its past again.
    /// </summary>
    private string ContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{_camera.Id}|{_script.Period.Ticks}|{_source.Start.UtcTicks}|{_coverage}|{_end}|{_camera.Frame.FramesPerSecond:R}");
        foreach (var (offset, vehicleIndex, countIndex) in _counts.Period)
        {
            var vehicle = _script.Vehicles[vehicleIndex];
            var count = _routes.Of(vehicle.Entry, vehicle.Exit)[countIndex];
            Append($"|{offset},{count.Approach},{count.Movement},{vehicle.Class},{vehicle.Size},{(count.HasSpeed ? vehicle.SpeedKmh : null):R}");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];

        void Append(FormattableString text) => hash.AppendData(Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture)));
    }
}
