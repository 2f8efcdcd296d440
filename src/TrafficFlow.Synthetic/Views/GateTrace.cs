using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Synthetic.Views;

/// <summary>How one vehicle's true box moved near one gate, and the crossings that follow from it.</summary>
internal sealed class GateTrace(long vehicle, VehicleClass vehicleClass, GateId gate, GateLine line)
{
    // A counter needs some pictures before and after the line.
    private const double SecondsAtStart = 1;
    private const double SecondsAtEnd = 0.5;

    private const double HiddenBelow = 0.3;
    private const double HiddenSeconds = 1.5;

    private readonly List<Sample> _samples = [];

    /// <summary>The point has come near the line, as measured by the box: only then it matters how much of the vehicle is seen.</summary>
    public bool IsNear => _samples.Count > 0 && Math.Abs(_samples[^1].Side) < 3 * _samples[^1].Size;

    public void Add(double seconds, in Box box, double speed)
    {
        var (x, y) = (box.CenterX, box.Bottom);
        _samples.Add(new Sample(seconds, line.Side(x, y), line.Along(x, y), Math.Sqrt(box.Area), box.Width, speed));
    }

    /// <summary>How much of the vehicle was seen at the last sample, 0..1.</summary>
    public void See(double share) => _samples[^1] = _samples[^1] with { Seen = share };

    /// <param name="end">Length of the film in seconds.</param>
    public IEnumerable<StreetCrossing> Crossings(double end)
    {
        var crossings = Passed(end).ToList();
        // Who stands so near the line at the film's edge may be taken for one that crossed it.
        if (_samples[0].Seconds < 0.1 && !crossings.Any(c => c.FromSeconds <= 0.1) && Astride(0) is { } first) crossings.Add(first);
        if (_samples[^1].Seconds > end - 0.1 && !crossings.Any(c => c.ToSeconds >= end - 0.1) && Astride(_samples.Count - 1) is { } last) crossings.Add(last);
        return crossings;
    }

    private IEnumerable<StreetCrossing> Passed(double end)
    {
        for (var i = 1; i < _samples.Count; i++)
        {
            var (before, after) = (_samples[i - 1], _samples[i]);
            if (IsBeyond(before) == IsBeyond(after)) continue;
            var share = before.Side / (before.Side - after.Side);
            var along = before.Along + (share * (after.Along - before.Along));
            var margin = EndMargin(after);
            if (along < -margin || along > line.Length + margin) continue;
            var seconds = before.Seconds + (share * (after.Seconds - before.Seconds));
            var (from, to) = Lingered(i);
            var isDoubtful = Math.Min(along, line.Length - along) < margin || IsAtEdge(from, to, seconds, end) || IsHidden(seconds);
            yield return Crossing(IsBeyond(after), seconds, from, to, after.Speed, isDoubtful);
        }
    }

    private StreetCrossing? Astride(int at)
    {
        var sample = _samples[at];
        var way = _samples[^1].Side - _samples[0].Side;
        // Who never moved goes nowhere.
        if (Math.Abs(way) < 1 || !IsClose(sample) || sample.Along < -EndMargin(sample) || sample.Along > line.Length + EndMargin(sample)) return null;
        var (from, to) = Close(at, at);
        return Crossing(way > 0, sample.Seconds, from, to, sample.Speed, isOptional: true);
    }

    private StreetCrossing Crossing(bool forward, double seconds, double from, double to, double speed, bool isOptional) => new(
        gate, forward ? CrossingDirection.Forward : CrossingDirection.Backward, seconds, from, to, vehicle, vehicleClass, 3.6 * speed, isOptional);

    private (double From, double To) Lingered(int crossed)
    {
        var (from, to) = Close(crossed, crossed - 1);
        return (Math.Min(from, _samples[crossed - 1].Seconds), Math.Max(to, _samples[crossed].Seconds));
    }

    /// <summary>How long it stayed close to the line before one sample and after another.</summary>
    private (double From, double To) Close(int first, int last)
    {
        while (first > 0 && IsClose(_samples[first - 1])) first--;
        while (last < _samples.Count - 1 && IsClose(_samples[last + 1])) last++;
        return (_samples[first].Seconds, _samples[last].Seconds);
    }

    private bool IsAtEdge(double from, double to, double seconds, double end) =>
        seconds < SecondsAtStart || seconds > end - SecondsAtEnd || from <= _samples[0].Seconds || to >= end - 0.1;

    /// <summary>Hidden at the line and on both sides of it, so that no tracker can bridge it by what it saw before and after.</summary>
    private bool IsHidden(double seconds) =>
        _samples.Where(s => s.Seen is not null && Math.Abs(s.Seconds - seconds) <= HiddenSeconds).Select(s => s.Seen!.Value).DefaultIfEmpty(1).Max() < HiddenBelow;

    private static bool IsBeyond(in Sample sample) => sample.Side >= 0;

    private static bool IsClose(in Sample sample) => Math.Abs(sample.Side) < Math.Max(3, 0.15 * sample.Size);

    private static double EndMargin(in Sample sample) => 2 + (0.25 * sample.Width);

    private readonly record struct Sample(double Seconds, double Side, double Along, double Size, double Width, double Speed)
    {
        public double? Seen { get; init; }
    }
}
