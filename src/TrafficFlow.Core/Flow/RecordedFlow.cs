using System.Collections.Immutable;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

/// <summary>
/// The flow bins of what one camera recorded, counted by itself. The same rules as for live cameras: a bin says for how long it was
/// watched and of what quality, zero means watched and empty, and missing is never zero.
/// </summary>
public sealed class RecordedFlow
{
    private readonly SiteId _site;
    private readonly BinSource _source;
    private readonly Interval _span;
    private readonly IntervalSet _watched;
    private readonly IntervalSet _degraded;
    private readonly SortedDictionary<string, (MinuteCells Cells, SortedSet<Movement> Movements)> _approaches = new(StringComparer.Ordinal);
    private readonly SortedSet<VehicleClass> _classes = [];

    /// <param name="span">From the first frame to the end of the last file, gaps included.</param>
    /// <param name="watched">The parts of it that could be read.</param>
    /// <param name="degraded">The parts whose counts cannot be trusted fully.</param>
    public RecordedFlow(
        CameraSetup camera, SiteId site, Provenance provenance, Interval span, IntervalSet watched, IntervalSet degraded,
        IEnumerable<Crossing> crossings, IEnumerable<FlowPassage> passages)
    {
        (_site, _span, _watched, _degraded) = (site, span, watched, degraded);
        _source = new BinSource(camera.Id, provenance);
        var map = new MovementMapper(camera);
        foreach (var (approach, movement) in map.Streams) Of(approach).Movements.Add(movement);
        foreach (var vehicle in crossings.Select(map.Count).OfType<CountedVehicle>().Concat(passages.SelectMany(map.Count)))
        {
            var (cells, movements) = Of(vehicle.Approach);
            movements.Add(vehicle.Movement);
            _classes.Add(vehicle.Class);
            var sums = cells.Add(vehicle.Time, new FlowStream(vehicle.Movement, vehicle.Class), FlowSums.Of(vehicle));
            _approaches[vehicle.Approach.Value] = (sums, movements);
        }

        if (_classes.Count == 0) _classes.Add(VehicleClass.Unclassified);

        (MinuteCells Cells, SortedSet<Movement> Movements) Of(ApproachId approach)
        {
            if (!_approaches.TryGetValue(approach.Value, out var known)) _approaches.Add(approach.Value, known = (MinuteCells.Empty, []));
            return known;
        }
    }

    /// <summary>The classes that were seen at all: a bin has a figure for each of them.</summary>
    public IReadOnlyCollection<VehicleClass> Classes => _classes;

    public IEnumerable<ApproachId> Approaches => _approaches.Keys.Select(a => new ApproachId(a));

    /// <summary>The movements of an approach for which every bin has a figure: those that the gates can tell, and whatever else was counted.</summary>
    public IReadOnlyCollection<Movement> Movements(ApproachId approach) => _approaches[approach.Value].Movements;

    /// <summary>The bins of an approach that hold any instant of the recording, sorted.</summary>
    public IEnumerable<FlowBin> Bins(ApproachId approach, BinDuration duration, BinAlignment alignment) =>
        alignment.Touching(_span, duration).Select(bin => Bin(approach, duration, bin));

    private FlowBin Bin(ApproachId approach, BinDuration duration, Interval bin)
    {
        var watched = _watched.Within(bin);
        var observed = watched.Total;
        var isDegraded = !_degraded.Intersect(watched).IsEmpty;
        return new FlowBin(
            new BinKey(_site, approach, duration, bin.From), bin.To, observed, FlowBin.Judge(bin, observed, isDegraded), 1,
            _approaches[approach.Value].Cells.Rows(bin), ImmutableArray.Create(_source));
    }
}
