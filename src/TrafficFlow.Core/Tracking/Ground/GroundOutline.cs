namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>The sides of a box, in the order in which a picture grows.</summary>
internal enum BoxSide
{
    Left = 0,
    Top = 1,
    Right = 2,
    Bottom = 3,
}

/// <summary>One side of the box that a vehicle's outline would have, pixels, and its change with place, heading, length, width and height.</summary>
internal readonly record struct PredictedSide(double At, double X, double Y, double Heading, double Length, double Width, double Height);

/// <summary>The box of a vehicle that stands on the ground: what place, heading and size say of the picture.</summary>
internal static class GroundOutline
{
    /// <param name="sides">Of four; by <see cref="BoxSide"/>.</param>
    /// <returns>False where a part of the vehicle is not in front of the camera.</returns>
    public static bool TryProject(
        GroundView view, double x, double y, double heading, double length, double width, double height, Span<PredictedSide> sides)
    {
        var (sin, cos) = Math.SinCos(heading);
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var corner in VehicleShape.Corners)
        {
            var (along, across) = (corner.Along * length, corner.Across * width);
            var (dx, dy) = ((along * cos) - (across * sin), (along * sin) + (across * cos));
            if (!view.TryProject(x + dx, y + dy, corner.Up * height, out var s)) return false;
            if (s.U < left) (left, sides[(int)BoxSide.Left]) = (s.U, Side(s.U, s.Ux, s.Uy, s.Uz, corner));
            if (s.U > right) (right, sides[(int)BoxSide.Right]) = (s.U, Side(s.U, s.Ux, s.Uy, s.Uz, corner));
            if (s.V < top) (top, sides[(int)BoxSide.Top]) = (s.V, Side(s.V, s.Vx, s.Vy, s.Vz, corner));
            if (s.V > bottom) (bottom, sides[(int)BoxSide.Bottom]) = (s.V, Side(s.V, s.Vx, s.Vy, s.Vz, corner));

            PredictedSide Side(double at, double byX, double byY, double byZ, (double Along, double Across, double Up) c) => new(
                at, byX, byY,
                (byX * -dy) + (byY * dx),
                c.Along * ((byX * cos) + (byY * sin)),
                c.Across * ((byY * cos) - (byX * sin)),
                c.Up * byZ);
        }

        return true;
    }
}
