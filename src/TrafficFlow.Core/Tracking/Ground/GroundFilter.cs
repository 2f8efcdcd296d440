using System.Runtime.CompilerServices;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>
/// Extended Kalman filter of one vehicle on the ground: place of its middle, heading, speed along the heading, curvature of its way,
/// length, width and height. It is corrected by the sides of its box in the picture, so that the bias of a box's lower edge, half a
/// length or half a width depending on the view, never enters. Heading changes with distance, not with time: what stands keeps its
/// heading. Units: metres, seconds, radians from east towards north; pixels for the sides.
/// </summary>
internal sealed class GroundFilter
{
    private const int N = 8;
    private const int X = 0;
    private const int Y = 1;
    private const int Heading = 2;
    private const int Speed = 3;
    private const int Curvature = 4;
    private const int Length = 5;
    private const int Width = 6;
    private const int Height = 7;

    private readonly GroundMotionSettings _settings;
    private readonly double[] _p = new double[N * N];
    private Vector8 _s;

    public GroundFilter(GroundMotionSettings settings) => _settings = settings;

    /// <summary>Metres from the view's origin.</summary>
    public (double X, double Y) Place => (_s[X], _s[Y]);

    public double HeadingRadians => _s[Heading];

    /// <summary>Metres per second; negative backwards.</summary>
    public double MetresPerSecond => _s[Speed];

    /// <summary>Radians per metre, positive to the left.</summary>
    public double PerMetre => _s[Curvature];

    public (double Length, double Width, double Height) Size => (_s[Length], _s[Width], _s[Height]);

    /// <summary>By how much the sides of this track's boxes jitter more than boxes are expected to.</summary>
    public double NoiseFactor { get; private set; }

    public double PlaceDeviation => Math.Sqrt(Math.Max(0, (Covariance(X, X) + Covariance(Y, Y)) / 2));

    public double HeadingDeviation => Math.Sqrt(Math.Max(0, Covariance(Heading, Heading)));

    public double SpeedDeviation => Math.Sqrt(Math.Max(0, Covariance(Speed, Speed)));

    public (double Length, double Width, double Height) SizeDeviation =>
        (Math.Sqrt(Math.Max(1e-4, Covariance(Length, Length))), Math.Sqrt(Math.Max(1e-4, Covariance(Width, Width))), Math.Sqrt(Math.Max(1e-4, Covariance(Height, Height))));

    public void Begin(double x, double y, double placeDeviation, double heading, double headingDeviation, double speed, double speedDeviation, VehicleShape shape)
    {
        Array.Clear(_p);
        (_s[X], _s[Y], _s[Heading], _s[Speed], _s[Curvature]) = (x, y, heading, speed, 0);
        (_s[Length], _s[Width], _s[Height]) = (shape.Length.Metres, shape.Width.Metres, shape.Height.Metres);
        Set(X, placeDeviation);
        Set(Y, placeDeviation);
        Set(Heading, headingDeviation);
        Set(Speed, speedDeviation);
        Set(Curvature, _settings.NewCurvature);
        Set(Length, shape.Length.Deviation);
        Set(Width, shape.Width.Deviation);
        Set(Height, shape.Height.Deviation);
        Alike(Length, Width);
        Alike(Length, Height);
        Alike(Width, Height);
        NoiseFactor = _settings.NewNoise;

        void Set(int i, double deviation) => _p[(i * N) + i] = deviation * deviation;

        void Alike(int i, int j) => _p[(i * N) + j] = _p[(j * N) + i] = shape.Likeness * Math.Sqrt(_p[(i * N) + i] * _p[(j * N) + j]);
    }

    public void Predict(double seconds)
    {
        var distance = _s[Speed] * seconds;
        var (sin, cos) = Math.SinCos(_s[Heading] + (_s[Curvature] * distance / 2));
        var straightens = Math.Exp(-Math.Abs(distance) / _settings.StraightensMetres);
        Span<double> f = stackalloc double[N * N];
        f.Clear();
        for (var i = 0; i < N; i++) f[(i * N) + i] = 1;
        f[(X * N) + Heading] = -distance * sin;
        f[(X * N) + Speed] = (seconds * cos) - (distance * sin * _s[Curvature] * seconds / 2);
        f[(X * N) + Curvature] = -distance * sin * distance / 2;
        f[(Y * N) + Heading] = distance * cos;
        f[(Y * N) + Speed] = (seconds * sin) + (distance * cos * _s[Curvature] * seconds / 2);
        f[(Y * N) + Curvature] = distance * cos * distance / 2;
        f[(Heading * N) + Speed] = _s[Curvature] * seconds;
        f[(Heading * N) + Curvature] = distance;
        f[(Curvature * N) + Curvature] = straightens;

        _s[X] += distance * cos;
        _s[Y] += distance * sin;
        _s[Heading] = Math.IEEERemainder(_s[Heading] + (_s[Curvature] * distance), 2 * Math.PI);
        _s[Curvature] *= straightens;
        Propagate(f);

        var (acceleration, metres) = (_settings.Acceleration * _settings.Acceleration, Math.Abs(distance));
        _p[(Speed * N) + Speed] += acceleration * seconds;
        var along = acceleration * seconds * seconds * seconds / 3;
        var slip = _settings.Slip * _settings.Slip * metres;
        _p[(X * N) + X] += (along * cos * cos) + slip;
        _p[(Y * N) + Y] += (along * sin * sin) + slip;
        _p[(X * N) + Y] += along * cos * sin;
        _p[(Y * N) + X] += along * cos * sin;
        _p[(Heading * N) + Heading] += slip;
        _p[(Curvature * N) + Curvature] += _settings.CurvatureChange * _settings.CurvatureChange * metres;
    }

    /// <summary>A vehicle that no camera sees is more likely to have braked than to have kept its speed.</summary>
    public void Damp(double factor) => _s[Speed] *= factor;

    /// <summary>Its front is where its rear was taken to be.</summary>
    public void TurnAround()
    {
        _s[Heading] = Math.IEEERemainder(_s[Heading] + Math.PI, 2 * Math.PI);
        (_s[Speed], _s[Curvature]) = (-_s[Speed], -_s[Curvature]);
        for (var i = 0; i < N; i++)
        {
            foreach (var j in (ReadOnlySpan<int>)[Speed, Curvature])
            {
                _p[(i * N) + j] = -_p[(i * N) + j];
                _p[(j * N) + i] = -_p[(j * N) + i];
            }
        }
    }

    /// <returns>False where the vehicle would stand where the camera cannot see it.</returns>
    public bool Correct(GroundView view, in ObservedBox box)
    {
        Span<PredictedSide> sides = stackalloc PredictedSide[4];
        if (!GroundOutline.TryProject(view, _s[X], _s[Y], _s[Heading], _s[Length], _s[Width], _s[Height], sides)) return false;
        var before = _s;
        for (var i = 0; i < 4; i++)
        {
            if (!box.IsSeen((BoxSide)i)) continue;
            var deviation = NoiseFactor * box.Deviation((BoxSide)i, _settings);
            var innovation = box.At((BoxSide)i) - sides[i].At - Moved(sides[i], before);
            Correct(sides[i], innovation, deviation * deviation);
        }

        _s[Heading] = Math.IEEERemainder(_s[Heading], 2 * Math.PI);
        _s[Length] = Math.Max(1, _s[Length]);
        _s[Width] = Math.Max(0.4, _s[Width]);
        _s[Height] = Math.Max(0.5, _s[Height]);
        return true;
    }

    // What the corrections by the sides before this one have already changed of it.
    private double Moved(in PredictedSide side, in Vector8 before) =>
        (side.X * (_s[X] - before[X])) + (side.Y * (_s[Y] - before[Y])) + (side.Heading * (_s[Heading] - before[Heading]))
        + (side.Length * (_s[Length] - before[Length])) + (side.Width * (_s[Width] - before[Width])) + (side.Height * (_s[Height] - before[Height]));

    private void Correct(in PredictedSide side, double innovation, double noise)
    {
        Span<double> ph = stackalloc double[N];
        for (var i = 0; i < N; i++)
        {
            var row = _p.AsSpan(i * N, N);
            ph[i] = (row[X] * side.X) + (row[Y] * side.Y) + (row[Heading] * side.Heading)
                + (row[Length] * side.Length) + (row[Width] * side.Width) + (row[Height] * side.Height);
        }

        var own = (ph[X] * side.X) + (ph[Y] * side.Y) + (ph[Heading] * side.Heading)
            + (ph[Length] * side.Length) + (ph[Width] * side.Width) + (ph[Height] * side.Height);
        var surprise = Math.Min(innovation * innovation / (own + noise), _settings.OutlierDeviations * _settings.OutlierDeviations);
        NoiseFactor = Math.Clamp(NoiseFactor * Math.Exp(_settings.NoiseLearning * (surprise - 1)), _settings.LeastNoise, _settings.MostNoise);
        // A side far off is believed less the farther it is: another vehicle hides it, or a shadow sticks to it.
        var limit = _settings.OutlierDeviations * _settings.OutlierDeviations;
        var total = Math.Max(own + noise, innovation * innovation / limit);
        for (var i = 0; i < N; i++) _s[i] += ph[i] * innovation / total;
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++) _p[(i * N) + j] -= ph[i] * ph[j] / total;
        }
    }

    private void Propagate(ReadOnlySpan<double> f)
    {
        Span<double> fp = stackalloc double[N * N];
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                var sum = 0.0;
                // F differs from the identity only in the rows and columns up to curvature: the other rows of the product are those of P.
                if (i > Curvature) sum = _p[(i * N) + j];
                else
                    for (var k = 0; k <= Curvature; k++) sum += f[(i * N) + k] * _p[(k * N) + j];
                fp[(i * N) + j] = sum;
            }
        }

        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                var sum = 0.0;
                if (j > Curvature) sum = fp[(i * N) + j];
                else
                    for (var k = 0; k <= Curvature; k++) sum += fp[(i * N) + k] * f[(j * N) + k];
                _p[(i * N) + j] = sum;
            }
        }
    }

    private double Covariance(int i, int j) => _p[(i * N) + j];

    [InlineArray(N)]
    private struct Vector8
    {
        private double _first;
    }
}
