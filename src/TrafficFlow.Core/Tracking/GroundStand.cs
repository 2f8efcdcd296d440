using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking;

/// <summary>Where a vehicle stands whose heading nobody knows yet, and whether it has moved so far that its heading shows.</summary>
internal sealed class GroundStand(GroundView view, GroundMotionSettings settings)
{
    private const double NewSpeed = 15;
    private AxisFilter _x;
    private AxisFilter _y;
    private double _time;
    private double _deviation;
    private bool _isPlaced;
    private (double X, double Y, double Time, double Deviation) _first;

    /// <summary>Where it was first seen, and how it went on from there.</summary>
    public (double X, double Y, double Time, double Heading, double Speed) Start
    {
        get
        {
            var (dx, dy) = (_x.Position - _first.X, _y.Position - _first.Y);
            return (_first.X, _first.Y, _first.Time, Math.Atan2(dy, dx), Math.Sqrt((dx * dx) + (dy * dy)) / Math.Max(0.01, _time - _first.Time));
        }
    }

    public bool HasMoved
    {
        get
        {
            var (dx, dy) = (_x.Position - _first.X, _y.Position - _first.Y);
            var least = Math.Max(settings.MovedMetres, 4 * Math.Max(_deviation, _first.Deviation));
            return _isPlaced && (dx * dx) + (dy * dy) > least * least;
        }
    }

    public void Forget() => _isPlaced = false;

    /// <returns>False where the box tells no place.</returns>
    public bool See(in SeenBox box, VehicleShape shape)
    {
        if (!box.HasPlace || !TryPlace(box, shape, out var x, out var y, out var deviation)) return false;
        if (!_isPlaced)
        {
            (_x, _y) = (new AxisFilter(x, deviation, NewSpeed), new AxisFilter(y, deviation, NewSpeed));
            (_first, _isPlaced) = ((x, y, box.Time, deviation), true);
        }
        else
        {
            Advance(box.Time);
            _x.Correct(x, deviation);
            _y.Correct(y, deviation);
        }

        (_time, _deviation) = (box.Time, deviation);
        return true;
    }

    public void Miss(double time)
    {
        if (!_isPlaced) return;
        var fade = Math.Exp(-(time - _time) / settings.FadeSeconds);
        _x.Damp(fade);
        _y.Damp(fade);
        Advance(time);
        _time = time;
    }

    public GroundState? State()
    {
        if (!_isPlaced) return null;
        var speed = Math.Sqrt((_x.Velocity * _x.Velocity) + (_y.Velocity * _y.Velocity));
        var speedDeviation = Math.Sqrt((_x.VelocityVariance + _y.VelocityVariance) / 2);
        return new GroundState(
            new GroundPoint(view.Origin.X + _x.Position, view.Origin.Y + _y.Position),
            Math.Sqrt((_deviation * _deviation) + (view.PlaneError * view.PlaneError)),
            _x.Velocity,
            _y.Velocity,
            null,
            3.6 * Math.Sqrt((speedDeviation * speedDeviation) + (speed * speed * view.RelativeError * view.RelativeError)),
            null);
    }

    private void Advance(double time)
    {
        if (time <= _time) return;
        _x.Predict(time - _time, 2 * settings.Acceleration);
        _y.Predict(time - _time, 2 * settings.Acceleration);
    }

    // Gauss-Newton on the two coordinates: a round thing of the class's middle extent whose box fits best.
    private bool TryPlace(in SeenBox box, VehicleShape shape, out double x, out double y, out double deviation)
    {
        (x, y, deviation) = (0, 0, 0);
        if (view.GroundAt(box.Box.CenterX, box.Box.Bottom) is not { } ground) return false;
        (x, y) = ground;
        var extent = (shape.Length.Metres + shape.Width.Metres) / 2;
        var unsure = (shape.Length.Metres - shape.Width.Metres) / 4;
        Span<PredictedSide> sides = stackalloc PredictedSide[4];
        for (var step = 0; step < 4; step++)
        {
            if (!GroundOutline.TryProject(view, x, y, view.BearingTo(x, y), extent, extent, shape.Height.Metres, sides)) return false;
            var (xx, xy, yy, xr, yr) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (var i = 0; i < 4; i++)
            {
                if (!box.IsSeen((BoxSide)i)) continue;
                var perMetre = Math.Sqrt((sides[i].X * sides[i].X) + (sides[i].Y * sides[i].Y));
                var noise = box.Deviation((BoxSide)i, settings);
                var lift = i == (int)BoxSide.Top ? sides[i].Height * shape.Height.Deviation : 0;
                var weight = 1 / ((noise * noise) + (perMetre * perMetre * unsure * unsure) + (lift * lift));
                var residual = box.At((BoxSide)i) - sides[i].At;
                xx += weight * sides[i].X * sides[i].X;
                xy += weight * sides[i].X * sides[i].Y;
                yy += weight * sides[i].Y * sides[i].Y;
                xr += weight * sides[i].X * residual;
                yr += weight * sides[i].Y * residual;
            }

            var determinant = (xx * yy) - (xy * xy);
            if (determinant < 1e-12) return false;
            x += ((yy * xr) - (xy * yr)) / determinant;
            y += ((xx * yr) - (xy * xr)) / determinant;
            deviation = Math.Sqrt((xx + yy) / determinant / 2);
        }

        return double.IsFinite(x + y + deviation);
    }
}
