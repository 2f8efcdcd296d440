using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>
/// Looks back at one moment of a track: the manoeuvre and the size whose boxes fit those seen shortly before and after it best, by
/// Gauss-Newton with priors, sides that lie far off believed less. What comes after the moment tells as much as what came before, so
/// nothing lags as a filter does.
/// </summary>
internal sealed class GroundSmoother(GroundView view, GroundMotionSettings settings)
{
    private const int N = GroundManoeuvre.Unknowns;
    private const int Rounds = 12;

    // Standard deviations beyond which a side is wrong and it no longer matters how much.
    private const double FarOff = 6;
    private readonly NormalEquations _equations = new(N);
    private double _noiseFactor;
    private double _squares;
    private int _sides;

    /// <param name="start">A first guess, which must be near enough to go downhill from; its size is a prior.</param>
    /// <returns>Null where the boxes around the moment tell no speed.</returns>
    public (GroundPassage Passage, double Cost)? At(
        double time, GroundHistory boxes, in GroundManoeuvre start, (double Length, double Width, double Height) sizeDeviation, double noiseFactor)
    {
        _noiseFactor = Math.Min(noiseFactor, settings.LookBackMostNoise);
        var (first, end) = Window(boxes, time);
        if (end - first < 3) return null;
        var (now, prior) = (start, start);
        var (damping, cost) = (1e-3, Fill(now, boxes, first, end, time, prior, sizeDeviation));
        if (!double.IsFinite(cost)) return null;
        Span<double> step = stackalloc double[N];
        for (var round = 0; round < Rounds; round++)
        {
            if (!_equations.TrySolve(damping, step)) return null;
            var next = now;
            for (var i = 0; i < N; i++) next[i] += step[i];
            var nextCost = Fill(next, boxes, first, end, time, prior, sizeDeviation);
            if (nextCost <= cost)
            {
                var gain = cost - nextCost;
                (now, cost, damping) = (next, nextCost, damping / 10);
                if (gain < 1e-3) break;
            }
            else
            {
                Fill(now, boxes, first, end, time, prior, sizeDeviation);
                damping *= 10;
            }
        }

        Fill(now, boxes, first, end, time, prior, sizeDeviation);
        return Result(now) is { } passage ? (passage, cost) : null;
    }

    private (int First, int End) Window(GroundHistory boxes, double time)
    {
        var (first, end) = (0, boxes.Count);
        while (first < end && boxes[first].Box.Time < time - settings.LookBackSeconds) first++;
        while (end > first && boxes[end - 1].Box.Time > time + settings.LookBackSeconds) end--;
        return (first, end);
    }

    /// <returns>Half the sum of squares, robust; not finite where the vehicle would leave the camera's sight.</returns>
    private double Fill(
        in GroundManoeuvre m, GroundHistory boxes, int first, int end, double time, in GroundManoeuvre prior, (double Length, double Width, double Height) size)
    {
        const double Nudge = 1e-4;
        _equations.Clear();
        (_squares, _sides) = (0, 0);
        Span<double> gradient = stackalloc double[N];
        Span<double> slopes = stackalloc double[3 * N];
        Span<PredictedSide> sides = stackalloc PredictedSide[4];
        var cost = Expect(m, prior, size);
        for (var b = first; b < end; b++)
        {
            var box = boxes[b].Box;
            var (x, y, heading) = m.At(box.Time - time);
            if (!GroundOutline.TryProject(view, x, y, heading, m[GroundManoeuvre.Length], m[GroundManoeuvre.Width], m[GroundManoeuvre.Height], sides)) return double.NaN;
            for (var p = GroundManoeuvre.Heading; p <= GroundManoeuvre.Bending; p++)
            {
                var moved = m;
                moved[p] += Nudge;
                var (mx, my, mh) = moved.At(box.Time - time);
                (slopes[3 * p], slopes[(3 * p) + 1], slopes[(3 * p) + 2]) = ((mx - x) / Nudge, (my - y) / Nudge, (mh - heading) / Nudge);
            }

            for (var i = 0; i < 4; i++)
            {
                if (!box.IsSeen((BoxSide)i)) continue;
                ref readonly var side = ref sides[i];
                (gradient[GroundManoeuvre.X], gradient[GroundManoeuvre.Y]) = (side.X, side.Y);
                for (var p = GroundManoeuvre.Heading; p <= GroundManoeuvre.Bending; p++)
                    gradient[p] = (side.X * slopes[3 * p]) + (side.Y * slopes[(3 * p) + 1]) + (side.Heading * slopes[(3 * p) + 2]);
                (gradient[GroundManoeuvre.Length], gradient[GroundManoeuvre.Width], gradient[GroundManoeuvre.Height]) = (side.Length, side.Width, side.Height);
                var deviation = _noiseFactor * box.Deviation((BoxSide)i, settings);
                var residual = (box.At((BoxSide)i) - side.At) / deviation;
                _sides++;
                _squares += Math.Min(residual * residual, FarOff * FarOff);
                // Cauchy's weights: a hidden side or a shadow pulls no more than one within a few standard deviations.
                var squared = residual * residual / (settings.LookBackOutlierDeviations * settings.LookBackOutlierDeviations);
                cost += settings.LookBackOutlierDeviations * settings.LookBackOutlierDeviations * Math.Log(1 + squared) / 2;
                _equations.Add(gradient, residual * deviation, 1 / ((1 + squared) * deviation * deviation));
            }
        }

        return cost;
    }

    private double Expect(in GroundManoeuvre m, in GroundManoeuvre prior, (double Length, double Width, double Height) size)
    {
        var cost = 0.0;
        Span<double> deviations =
        [
            20, 20, 0.5, 10, settings.TypicalAcceleration, settings.TypicalJerk, settings.NewCurvature, settings.TypicalBending, size.Length, size.Width, size.Height,
        ];
        for (var p = 0; p < N; p++)
        {
            var expected = p is >= GroundManoeuvre.Acceleration and <= GroundManoeuvre.Bending ? 0 : prior[p];
            _equations.Expect(p, expected - m[p], deviations[p]);
            cost += (expected - m[p]) * (expected - m[p]) / (2 * deviations[p] * deviations[p]);
        }

        return cost;
    }

    private GroundPassage? Result(in GroundManoeuvre m)
    {
        // Boxes that fit worse than they should make everything less certain; so does that their errors last from frame to frame.
        var excess = Math.Max(1, _squares / Math.Max(1, _sides - N)) * settings.LastingErrors;
        if (!Deviation(GroundManoeuvre.Speed, out var speedDeviation)
            || !Deviation(GroundManoeuvre.Heading, out var headingDeviation) || !Deviation(GroundManoeuvre.Length, out var lengthDeviation))
            return null;
        if (3.6 * speedDeviation > settings.MostSpeedErrorKmh) return null;
        var speed = Math.Max(0, m[GroundManoeuvre.Speed]);
        return new GroundPassage(
            new GroundPoint(view.Origin.X + m[GroundManoeuvre.X], view.Origin.Y + m[GroundManoeuvre.Y]),
            3.6 * speed,
            3.6 * Math.Sqrt((speedDeviation * speedDeviation) + (speed * speed * view.RelativeError * view.RelativeError)),
            Compass.Degrees(m[GroundManoeuvre.Heading]),
            headingDeviation * 180 / Math.PI,
            m[GroundManoeuvre.Length],
            lengthDeviation)
        {
            Acceleration = m[GroundManoeuvre.Acceleration],
        };

        bool Deviation(int unknown, out double deviation)
        {
            Span<double> column = stackalloc double[N];
            deviation = 0;
            if (!_equations.TryCovariance(unknown, column)) return false;
            deviation = Math.Sqrt(excess * Math.Max(0, column[unknown]));
            return double.IsFinite(deviation);
        }
    }
}
