using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking;

/// <summary>
/// The motion of one track in metres. Until the vehicle has moved its heading is unknown, and it is placed as something round; then
/// <see cref="GroundFilter"/> takes over, fed again with the boxes of the time before.
/// </summary>
internal sealed class GroundTrack
{
    private readonly GroundView _view;
    private readonly GroundMotionSettings _settings;
    private readonly SeenBoxes _boxes;
    private readonly GroundFilter _filter;
    private readonly GroundStand _stand;
    private VehicleClass _class;
    private double _time;
    private double _advanced;
    private bool _moves;

    /// <param name="remembered">How many boxes are kept for looking back.</param>
    public GroundTrack(GroundView view, GroundMotionSettings settings, int remembered)
    {
        (_view, _settings) = (view, settings);
        _boxes = new SeenBoxes(remembered);
        _filter = new GroundFilter(settings);
        _stand = new GroundStand(view, settings);
    }

    /// <summary>The box that supports the track at this time.</summary>
    public void See(double time, in Box box, bool sure, VehicleClass vehicleClass)
    {
        var seen = SeenBox.Of(time, box, sure, _view);
        if (vehicleClass != _class) Reconsider(vehicleClass);
        _boxes.Add(seen);
        if (_moves)
        {
            Step(seen);
        }
        else
        {
            _time = time;
            if (_stand.See(seen, VehicleShape.Of(_class)) && _stand.HasMoved) Begin();
        }
    }

    /// <summary>Nothing supports the track at this time.</summary>
    public void Miss(double time)
    {
        if (_moves)
        {
            _filter.Damp(Math.Exp(-(time - _time) / _settings.FadeSeconds));
            Advance(time);
        }
        else
        {
            _stand.Miss(time);
        }

        _time = time;
    }

    /// <summary>Null until a box has told a place.</summary>
    public GroundState? State()
    {
        if (!_moves) return _stand.State();
        var (x, y) = _filter.Place;
        var (sin, cos) = Math.SinCos(_filter.HeadingRadians);
        var speed = _filter.MetresPerSecond;
        var outline = _settings.OutlineShare * _filter.Size.Length;
        return new GroundState(
            new GroundPoint(_view.Origin.X + x, _view.Origin.Y + y),
            Math.Sqrt((_filter.PlaceDeviation * _filter.PlaceDeviation) + (outline * outline) + (_view.PlaneError * _view.PlaneError)),
            speed * cos,
            speed * sin,
            Compass.Degrees(_filter.HeadingRadians),
            3.6 * Math.Sqrt((_filter.SpeedDeviation * _filter.SpeedDeviation) + (speed * speed * _view.RelativeError * _view.RelativeError)),
            _filter.Size.Length);
    }

    // The size that another class suggests explains the boxes otherwise: look at them again.
    private void Reconsider(VehicleClass vehicleClass)
    {
        var (before, now) = (VehicleShape.Of(_class), VehicleShape.Of(vehicleClass));
        _class = vehicleClass;
        if (!_moves || before == now || _boxes.Count == 0) return;
        if (Math.Abs(_filter.Size.Length - now.Length.Metres) < 2 * now.Length.Deviation) return;
        _moves = false;
        _stand.Forget();
        for (var i = 0; i < _boxes.Count && !_moves; i++)
        {
            if (_stand.See(_boxes[i], now) && _stand.HasMoved) Begin();
        }
    }

    private void Begin()
    {
        var start = _stand.Start;
        _filter.Begin(start.X, start.Y, 1, start.Heading, 0.3, start.Speed, 3, VehicleShape.Of(_class));
        (_moves, _advanced, _time) = (true, 0, start.Time);
        for (var i = 0; i < _boxes.Count; i++)
        {
            if (_boxes[i].Time >= start.Time) Step(_boxes[i]);
        }
    }

    private void Step(in SeenBox box)
    {
        Advance(box.Time);
        _time = box.Time;
        _filter.Correct(_view, box);
    }

    private void Advance(double time)
    {
        var seconds = time - _time;
        if (seconds <= 0) return;
        _filter.Predict(seconds);
        _advanced = Math.Min(_settings.MovedMetres, _advanced + (_filter.MetresPerSecond * seconds));
        if (_advanced > -2 * _settings.MovedMetres) return;
        // It goes on backwards: what looked like its first movement was noise.
        _filter.TurnAround();
        _advanced = 0;
    }
}
