using MathNet.Numerics.LinearAlgebra;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>
/// A metric scale where nothing was surveyed: the most probable camera (focal length, tilt, roll, height) for lanes of known width and
/// vehicles of ordinary size, given what cameras over roads are like. Robust least squares with priors; the error is the posterior's, and
/// never below what mean vehicle sizes and lane widths themselves are worth. Pure and repeatable.
/// </summary>
public static class RoughPlaneFit
{
    public const int FewestVehicles = 12;

    private const double Degree = Math.PI / 180;

    // A surveillance camera's usual lens, from tele to wide; a known field of view is known to a few percent.
    private const double UsualFieldOfView = 60 * Degree;
    private const double UsualSpread = 0.3;
    private const double KnownSpread = 0.04;

    private const double LaneSpread = 0.06;
    private const double ParallelSpread = 1 * Degree;

    // Boxes are cut or widened by some percent; what they all have in common no number of them takes away.
    private const double BoxSpread = 0.08;
    private const double CommonError = 0.15;
    private const double CommonLaneError = 0.04;

    // Boxes are all cut alike and cars are all shaped alike: a thousand observations tell little more than so few. Without this bound, a model of a
    // car that is a little wrong would outvote everything that is known of cameras.
    private const double EffectiveVehicles = 8;

    private const double Huber = 1.5;
    private const double Impossible = 1e3;

    /// <param name="aspect">Width of the picture divided by its height.</param>
    /// <exception cref="CalibrationException">The clues are too few, or no camera over a road sees them like this.</exception>
    public static RoughFit Fit(RoughClues clues, double aspect)
    {
        if (clues.LaneLines.Count == 1) throw new CalibrationException("hold one lane line", "give two or more, neighbours one lane width apart");
        if (clues.LaneLines.Count == 0 && clues.Vehicles.Count < FewestVehicles)
            throw new CalibrationException($"hold {clues.Vehicles.Count} vehicles", $"let at least {FewestVehicles} pass in different places, or give lane lines");
        var best = Starts(clues).Select(start => Climb(start, clues, aspect)).MinBy(r => r.Cost);
        if (!double.IsFinite(best.Cost)) throw new CalibrationException("fit no camera over a road", "check that the lane lines run along the road, below the horizon");
        var view = RoughView.Of(best.X, aspect);
        var points = Grid(view, clues);
        var common = clues.Vehicles.Count == 0 ? CommonLaneError : CommonError;
        var relative = Math.Sqrt((common * common) + Variance(best.X, clues, aspect));
        var spread = Math.Sqrt(points.Average(p => Square(p.EastMetres - points.Average(q => q.EastMetres)) + Square(p.NorthMetres - points.Average(q => q.NorthMetres))));
        return new RoughFit(points, relative, relative * spread, view.Height, view.Tilt / Degree, 2 * Math.Atan(0.5 / view.Focal) / Degree);
    }

    private static IEnumerable<Vector<double>> Starts(RoughClues clues)
    {
        var focal = Math.Log(FocalOf(clues));
        return from tilt in new[] { 8.0, 18, 32, 50 }
               from height in new[] { 4.0, 9, 20 }
               select Vector<double>.Build.DenseOfArray([focal, tilt * Degree, 0, Math.Log(height)]);
    }

    private static double FocalOf(RoughClues clues) => 0.5 / Math.Tan((clues.FieldOfViewDegrees * Degree ?? UsualFieldOfView) / 2);

    private static (Vector<double> X, double Cost) Climb(Vector<double> x, RoughClues clues, double aspect)
    {
        var residuals = Residuals(x, clues, aspect);
        var (cost, damping) = (Cost(residuals), 1e-2);
        for (var round = 0; round < 60 && damping < 1e8; round++)
        {
            var (normal, slope) = Equations(x, residuals, clues, aspect);
            var next = x - (normal + Matrix<double>.Build.DenseOfDiagonalVector(normal.Diagonal() * damping)).Solve(slope);
            var there = Residuals(next, clues, aspect);
            var costThere = Cost(there);
            if (!(costThere < cost))
            {
                damping *= 6;
                continue;
            }

            var gain = cost - costThere;
            (x, residuals, cost, damping) = (next, there, costThere, damping / 6);
            if (gain < 1e-9 * cost) break;
        }

        return (x, cost);
    }

    private static double Cost(List<double> residuals) =>
        residuals.Sum(r => Math.Abs(r) <= Huber ? r * r / 2 : Huber * (Math.Abs(r) - (Huber / 2)));

    private static (Matrix<double> Normal, Vector<double> Slope) Equations(Vector<double> x, List<double> residuals, RoughClues clues, double aspect)
    {
        const double Step = 1e-5;
        var columns = Enumerable.Range(0, x.Count).Select(k =>
        {
            var moved = x.Clone();
            moved[k] += Step;
            return Residuals(moved, clues, aspect).Select((r, i) => (r - residuals[i]) / Step).ToArray();
        }).ToArray();
        var normal = Matrix<double>.Build.Dense(x.Count, x.Count);
        var slope = Vector<double>.Build.Dense(x.Count);
        for (var i = 0; i < residuals.Count; i++)
        {
            var weight = Math.Abs(residuals[i]) <= Huber ? 1 : Huber / Math.Abs(residuals[i]);
            for (var a = 0; a < x.Count; a++)
            {
                slope[a] += weight * columns[a][i] * residuals[i];
                for (var b = 0; b < x.Count; b++) normal[a, b] += weight * columns[a][i] * columns[b][i];
            }
        }

        return (normal, slope);
    }

    /// <summary>In standard deviations; always as many.</summary>
    private static List<double> Residuals(Vector<double> x, RoughClues clues, double aspect)
    {
        var view = RoughView.Of(x, aspect);
        // What cameras over roads are like.
        var residuals = new List<double>
        {
            (x[0] - Math.Log(FocalOf(clues))) / (clues.FieldOfViewDegrees is null ? UsualSpread : KnownSpread),
            (view.Tilt - (25 * Degree)) / (15 * Degree),
            view.Roll / (2 * Degree),
            (x[3] - Math.Log(8)) / 0.8,
        };
        AddLanes(residuals, view, clues);
        var crowd = Math.Sqrt(Math.Max(1, clues.Vehicles.Count / EffectiveVehicles));
        foreach (var vehicle in clues.Vehicles)
        {
            var sigma = crowd * Math.Sqrt(Square(vehicle.Sizes.Spread) + Square(BoxSpread));
            var box = view.BoxOf(vehicle);
            residuals.Add(box is { } b ? Math.Log((vehicle.Right - vehicle.Left) / b.Width) / sigma : Impossible);
            residuals.Add(box is { } c ? Math.Log((vehicle.Bottom - vehicle.Top) / c.Height) / sigma : Impossible);
        }

        return residuals;
    }

    private static void AddLanes(List<double> residuals, RoughView view, RoughClues clues)
    {
        var ends = clues.LaneLines.Select(l => (From: view.ToGround(l.From), To: view.ToGround(l.To))).ToList();
        if (ends.Count == 0) return;
        var seen = ends.All(e => e.From is not null && e.To is not null);
        var angles = seen ? ends.Select(e => Math.Atan2(e.To!.Value.Y - e.From!.Value.Y, e.To.Value.X - e.From.Value.X)).ToList() : [];
        var first = seen ? angles[0] : 0;
        var mean = seen ? first + angles.Average(a => Math.IEEERemainder(a - first, Math.PI)) : 0;
        for (var i = 0; i < ends.Count; i++) residuals.Add(seen ? Math.IEEERemainder(angles[i] - mean, Math.PI) / ParallelSpread : Impossible);
        for (var i = 1; i < ends.Count; i++)
        {
            residuals.Add(seen ? Math.Log(Math.Max(1e-6, Math.Abs(Offset(ends[i], mean) - Offset(ends[i - 1], mean))) / clues.LaneWidthMetres) / LaneSpread : Impossible);
        }

        static double Offset((GroundPoint? From, GroundPoint? To) line, double angle) =>
            (((line.From!.Value.Y + line.To!.Value.Y) / 2) * Math.Cos(angle)) - (((line.From.Value.X + line.To.Value.X) / 2) * Math.Sin(angle));
    }

    /// <summary>Of the logarithm of a length on the ground, along the road or across it, whichever is worse, in the middle of the clues.</summary>
    private static double Variance(Vector<double> x, RoughClues clues, double aspect)
    {
        var residuals = Residuals(x, clues, aspect);
        var covariance = Equations(x, residuals, clues, aspect).Normal.Inverse();
        var (left, top, right, bottom) = Region(clues);
        var (across, along) = (new[] { new PicturePoint(left, (top + bottom) / 2), new(right, (top + bottom) / 2) }, new[] { new PicturePoint((left + right) / 2, top), new((left + right) / 2, bottom) });
        return new[] { across, along }.Max(pair =>
        {
            var slope = Vector<double>.Build.Dense(x.Count, k =>
            {
                var moved = x.Clone();
                moved[k] += 1e-5;
                return (Length(moved) - Length(x)) / 1e-5;
            });
            return slope * (covariance * slope);

            double Length(Vector<double> at)
            {
                var view = RoughView.Of(at, aspect);
                return Math.Log(view.ToGround(pair[0]) is { } a && view.ToGround(pair[1]) is { } b ? Math.Max(1e-6, a.DistanceTo(b)) : 1e3);
            }
        });
    }

    private static List<GroundReference> Grid(RoughView view, RoughClues clues)
    {
        var (left, top, right, bottom) = Region(clues);
        var points = from y in new[] { top, (top + bottom) / 2, bottom }
                     from x in new[] { left, (left + right) / 2, right }
                     let image = new PicturePoint(Math.Round(x, 4), Math.Round(y, 4))
                     let ground = view.ToGround(image)
                     where ground is not null
                     select new GroundReference(image, Math.Round(ground.Value.X, 3), Math.Round(ground.Value.Y, 3));
        var list = points.ToList();
        return list.Count == 9 ? list : throw new CalibrationException("lie beyond the horizon", "check that the lane lines run along the road");
    }

    /// <summary>The part of the picture from which the clues come: beyond it the scale is a guess.</summary>
    private static (double Left, double Top, double Right, double Bottom) Region(RoughClues clues)
    {
        PicturePoint[] places = [.. clues.LaneLines.SelectMany(l => new[] { l.From, l.To }), .. clues.Vehicles.Select(v => v.Foot)];
        var (xs, ys) = (places.Select(p => p.X).Order().ToArray(), places.Select(p => p.Y).Order().ToArray());
        var cut = places.Length / 50;
        var (left, right, top, bottom) = (xs[cut], xs[^(cut + 1)], ys[cut], ys[^(cut + 1)]);
        if (right - left < 0.05 || bottom - top < 0.05)
            throw new CalibrationException("lie in one spot of the picture", "clues must spread over the road: longer lane lines, or vehicles in several places");
        return (Math.Clamp(left, 0, 1), Math.Clamp(top, 0, 1), Math.Clamp(right, 0, 1), Math.Clamp(bottom, 0, 1));
    }

    private static double Square(double x) => x * x;
}
