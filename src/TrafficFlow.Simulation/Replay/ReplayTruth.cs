using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Replay;

/// <summary>One stream that replay cameras count.</summary>
public readonly record struct ReplayStream(ApproachId Approach, Movement Movement, VehicleClass Class, VehicleSize Size);

/// <summary>What a flow bin must hold once it is closed.</summary>
/// <param name="Observed">For how long every camera that feeds the approach has watched.</param>
public sealed record TrueBin(
    ApproachId Approach, BinDuration Duration, Interval Bin, TimeSpan Observed, IReadOnlyDictionary<ReplayStream, long> Counts)
{
    public long Count(Movement movement) => Counts.Where(c => c.Key.Movement == movement).Sum(c => c.Value);

    public long Count(Movement movement, VehicleClass vehicleClass) =>
        Counts.Where(c => c.Key.Movement == movement && c.Key.Class == vehicleClass).Sum(c => c.Value);
}

/// <summary>
/// What the replay cameras of a site must count, computed from scripts and gates alone: it reads no log and knows no
/// <see cref="MovementMapper"/>, so that it checks both. A site's real cameras are not part of it.
/// </summary>
public sealed class ReplayTruth
{
    private readonly Site _site;
    private readonly BinAlignment _alignment;
    private readonly List<(ReplaySource Source, FlowScript Script, List<CameraView> Cameras)> _traffics = [];
    private readonly HashSet<ApproachId> _sharedExits;

    /// <param name="script">The script that a source plays.</param>
    public ReplayTruth(Site site, Func<ReplaySource, FlowScript> script)
    {
        _site = site;
        _alignment = new BinAlignment(site.TimeZone);
        _sharedExits = [.. site.Cameras.SelectMany(c => Approaches(c, GateRole.Exits)).GroupBy(e => e).Where(g => g.Count() > 1).Select(g => g.Key)];
        foreach (var traffic in Replays().GroupBy(r => r.Source.Traffic))
            _traffics.Add((traffic.Key, script(traffic.Key), [.. traffic.Select(r => new CameraView(Approaches(r.Camera, GateRole.Enters), Approaches(r.Camera, GateRole.Exits)))]));
    }

    /// <summary>Vehicles per stream within [from, to) of event time; a movement belongs to the time of its end.</summary>
    public IReadOnlyDictionary<ReplayStream, long> Counts(Interval span)
    {
        var counts = new Dictionary<ReplayStream, long>();
        foreach (var (source, script, cameras) in _traffics)
        {
            var clipped = span.Clip(Played(source));
            if (clipped.IsEmpty) continue;
            var (from, to) = ((clipped.From - source.Start).Ticks, (clipped.To - source.Start).Ticks);
            foreach (var vehicle in script.Vehicles)
            {
                var period = script.Period.Ticks;
                var first = (vehicle.Enters - source.Phase).Ticks % period;
                if (first < 0) first += period;
                var entered = Passes(first, period, from, to);
                var left = Passes(first + vehicle.Stay.Ticks, period, from, to);
                var seesEntry = cameras.Any(c => c.Enters.Contains(vehicle.Entry));
                var seesExit = cameras.Any(c => c.Exits.Contains(vehicle.Exit));
                var seesBoth = cameras.Any(c => c.Enters.Contains(vehicle.Entry) && c.Exits.Contains(vehicle.Exit));
                if (seesEntry) Add(vehicle, vehicle.Entry, Movement.Entering, entered);
                if (seesBoth) Add(vehicle, vehicle.Entry, Movement.To(vehicle.Exit), left);
                // An exit that several cameras see is counted by the one that saw the entry too.
                if (_sharedExits.Contains(vehicle.Exit) ? seesBoth : seesExit) Add(vehicle, vehicle.Exit, Movement.Exiting, left);
            }
        }

        return counts;

        void Add(ScriptVehicle vehicle, ApproachId approach, Movement movement, long passes)
        {
            if (passes == 0) return;
            var stream = new ReplayStream(approach, movement, vehicle.Class, vehicle.Size);
            counts[stream] = counts.GetValueOrDefault(stream) + passes;
        }
    }

    /// <summary>The bins of one approach that touch [from, to), each as if all cameras had played to its end.</summary>
    public IEnumerable<TrueBin> Bins(ApproachId approach, BinDuration duration, Interval span) =>
        from bin in _alignment.Touching(span, duration)
        select new TrueBin(
            approach, duration, bin, Observed(approach, bin), Counts(bin).Where(c => c.Key.Approach == approach).ToDictionary(c => c.Key, c => c.Value));

    /// <summary>For how much of [from, to) every replay camera that feeds the approach has watched.</summary>
    public TimeSpan Observed(ApproachId approach, Interval span)
    {
        var feeding = Replays().Where(r => r.Camera.Gates.Any(g => Feeds(g.Forward) || Feeds(g.Backward))).ToList();
        return feeding.Count == 0 ? TimeSpan.Zero : feeding.Aggregate(span, (all, r) => all.Clip(Played(r.Source))).Length;

        bool Feeds(GateMeaning? meaning) => (meaning?.Approach ?? ApproachId.Gates) == approach;
    }

    private IEnumerable<(CameraSetup Camera, ReplaySource Source)> Replays() =>
        from camera in _site.Cameras
        where ReplaySource.IsReplay(camera.Source)
        select (camera, ReplaySource.Parse(camera.Source));

    private static Interval Played(ReplaySource source) =>
        new(source.Start, source.Length is { } length && DateTimeOffset.MaxValue - source.Start > length ? source.Start + length : DateTimeOffset.MaxValue);

    private static HashSet<ApproachId> Approaches(CameraSetup camera, GateRole role) =>
        [.. from gate in camera.Gates
            from meaning in new[] { gate.Forward, gate.Backward }
            where meaning?.Role == role
            select meaning.Approach];

    /// <summary>How many of first, first + period, first + 2 periods, ... lie in [from, to).</summary>
    private static long Passes(long first, long period, long from, long to) => Until(first, period, to) - Until(first, period, from);

    private static long Until(long first, long period, long end) => end <= first ? 0 : ((end - first - 1) / period) + 1;

    private sealed record CameraView(HashSet<ApproachId> Enters, HashSet<ApproachId> Exits);
}
