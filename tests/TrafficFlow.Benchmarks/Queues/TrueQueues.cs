using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Queues;

/// <summary>One lane of an arriving arm: 1 at the kerb.</summary>
internal readonly record struct TrueLane(ApproachId Approach, int Number);

/// <summary>The queue of one lane in one cycle as it really was.</summary>
/// <param name="BackMetres">From the stop line to the rear of the last queued vehicle, at its farthest.</param>
/// <param name="IsBeyondRoad">It reached beyond the simulated road: how far is not known to the metre.</param>
internal sealed record TrueCycle(TrueLane Lane, Interval Cycle, double BackMetres, bool IsBeyondRoad);

/// <summary>
/// The back of queue of each lane of the simulated junction, looked at four times a second: a vehicle joins below 5 km/h, less than 20 m behind the stop line or one that queued, and leaves above
/// 10 km/h; the back is the rear of the last one in the queue.
/// </summary>
internal sealed class TrueQueues(JunctionSimulation junction, DateTimeOffset start)
{
    private const double GapMetres = 20;

    private readonly Dictionary<TrueLane, List<(double Time, double Back, bool IsBeyondRoad)>> _backs = [];
    private readonly HashSet<long> _queued = [];
    private readonly HashSet<long> _wasQueued = [];
    private readonly Dictionary<TrueLane, List<(double Front, double Rear, long Id, double Kmh)>> _lanes = [];

    public void Look()
    {
        foreach (var lane in _lanes.Values) lane.Clear();
        foreach (var vehicle in junction.Vehicles)
        {
            for (var arm = 0; arm < 4; arm++)
            {
                var place = JunctionLayout.ToArm(arm, vehicle.Centre.X, vehicle.Centre.Y);
                var inwards = JunctionLayout.ToArm(arm, Math.Cos(vehicle.HeadingRadians), Math.Sin(vehicle.HeadingRadians)).Y < -0.7;
                var front = place.Y - (vehicle.Length / 2) - JunctionLayout.StopLine;
                if (!inwards || place.X < 0.2 || place.X > JunctionLayout.HalfWidth || front <= 0) continue;
                var lane = new TrueLane(JunctionLayout.Approaches[arm], place.X > (JunctionLayout.KerbLane + JunctionLayout.InnerLane) / 2 ? 1 : 2);
                if (!_lanes.TryGetValue(lane, out var all)) _lanes[lane] = all = [];
                all.Add((front, front + vehicle.Length, vehicle.Id, vehicle.Speed * 3.6));
            }
        }

        foreach (var approach in JunctionLayout.Approaches)
        {
            for (var number = 1; number <= 2; number++) Measure(new TrueLane(approach, number));
        }
    }

    private void Measure(TrueLane lane)
    {
        if (!_backs.TryGetValue(lane, out var backs)) _backs[lane] = backs = [];
        var (back, ahead) = (0.0, (double?)0.0);
        var isFull = false;
        foreach (var (front, rear, id, kmh) in _lanes.GetValueOrDefault(lane, []).OrderBy(v => v.Front))
        {
            if (kmh > 10) _queued.Remove(id);
            else if (kmh < 5 && !_queued.Contains(id) && ahead is { } metres && front - metres < GapMetres && _queued.Add(id)) _wasQueued.Add(id);
            if (_queued.Contains(id)) (back, isFull) = (rear, rear > JunctionLayout.ArmLength - 12);
            if (_wasQueued.Contains(id)) ahead = rear;
            else if (front - (ahead ?? 0) >= GapMetres) ahead = null;
        }

        backs.Add((junction.Now.TotalSeconds, back, isFull));
    }

    /// <param name="phases">Of the simulation.</param>
    /// <param name="seconds">Looked at for so long.</param>
    public IEnumerable<TrueCycle> Cycles(ISignalPhases phases, double seconds)
    {
        var all = new Interval(start, start.AddSeconds(seconds));
        foreach (var (lane, backs) in _backs)
        {
            // The inner lane is that of the right turn alone.
            var greens = phases.Overlapping(lane.Approach, all).Where(p => p.Colour == SignalColour.Green && p.Movements.Length == (lane.Number == 1 ? 2 : 1)).Select(p => p.Span).OrderBy(s => s.From).ToList();
            for (var i = 1; i < greens.Count; i++)
            {
                var cycle = new Interval(greens[i - 1].To, greens[i].To);
                if (cycle.From < start || cycle.To > all.To) continue;
                var within = backs.Where(b => start.AddSeconds(b.Time) is var t && t >= cycle.From && t < cycle.To).ToList();
                yield return new TrueCycle(lane, cycle, within.Max(b => b.Back), within.Any(b => b.IsBeyondRoad));
            }
        }
    }
}
