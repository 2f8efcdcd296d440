namespace TrafficFlow.Core.Proposal;

/// <summary>The strip of the picture along which the vehicles of a stream go, with their directions.</summary>
internal sealed class Corridor
{
    private readonly ProposalSettings _settings;
    private readonly List<(PathPoint Place, (double X, double Y) Direction)> _places = [];

    public Corridor(IEnumerable<MotionPath> paths, ProposalSettings settings)
    {
        _settings = settings;
        foreach (var path in paths)
        {
            for (var i = 0; i < path.Points.Count; i++) _places.Add((path.Points[i], path.DirectionAt(i)));
        }
    }

    /// <summary>Which share of a path's points lies in the strip and heads its way, 0..1.</summary>
    public double Share(MotionPath path)
    {
        var inside = 0;
        for (var i = 0; i < path.Points.Count; i++)
        {
            if (Holds(path.Points[i], path.DirectionAt(i))) inside++;
        }

        return (double)inside / path.Points.Count;
    }

    private bool Holds(in PathPoint point, (double X, double Y) direction)
    {
        var sameHeading = Math.Cos(_settings.SameHeading * Math.PI / 180);
        foreach (var (place, way) in _places)
        {
            var reach = _settings.FollowReach * place.Size;
            var (dx, dy) = (point.X - place.X, point.Y - place.Y);
            if ((dx * dx) + (dy * dy) <= reach * reach && (direction.X * way.X) + (direction.Y * way.Y) >= sameHeading) return true;
        }

        return false;
    }
}
