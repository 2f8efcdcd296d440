using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Replay;

/// <summary>
/// Which arm of a junction a place lies on, told from where tracks begin and end. Real arms do not point due north, east, south and west:
/// the four bearings around which the ends gather are sought from there.
/// </summary>
internal sealed class JunctionArms
{
    private readonly GroundPoint _middle;
    private readonly double[] _bearings = [0, Math.PI / 2, Math.PI, Math.PI * 3 / 2];

    /// <param name="ends">Where tracks begin and end.</param>
    public JunctionArms(IReadOnlyList<GroundPoint> ends)
    {
        _middle = new GroundPoint(Median(ends.Select(e => e.X)), Median(ends.Select(e => e.Y)));
        var bearings = ends.Select(BearingOf).ToList();
        // The mean bearing of each arm's ends, again and again: it settles within a few rounds.
        for (var round = 0; round < 30; round++)
        {
            var sums = new (double Sin, double Cos)[_bearings.Length];
            foreach (var bearing in bearings)
            {
                var arm = Nearest(bearing);
                sums[arm] = (sums[arm].Sin + Math.Sin(bearing), sums[arm].Cos + Math.Cos(bearing));
            }

            for (var arm = 0; arm < sums.Length; arm++)
                if (sums[arm] != default) _bearings[arm] = Math.Atan2(sums[arm].Sin, sums[arm].Cos);
        }
    }

    /// <summary>Clockwise from north, in degrees.</summary>
    public IReadOnlyList<double> BearingsDegrees => [.. _bearings.Select(b => ((b * 180 / Math.PI) + 360) % 360)];

    public ApproachId Of(GroundPoint place) => JunctionLayout.Approaches[Nearest(BearingOf(place))];

    private double BearingOf(GroundPoint place) => Math.Atan2(place.X - _middle.X, place.Y - _middle.Y);

    private int Nearest(double bearing)
    {
        var nearest = 0;
        for (var arm = 1; arm < _bearings.Length; arm++)
            if (Math.Cos(bearing - _bearings[arm]) > Math.Cos(bearing - _bearings[nearest])) nearest = arm;
        return nearest;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
