using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>
/// How well a careful survey places a point: one standard deviation in the picture and on the ground. It weighs the points against each
/// other (a click on a far point says less about the ground than one on a near point) and tells a mistake from noise.
/// </summary>
/// <param name="Width">Of a click, as a share of the picture's width.</param>
/// <param name="Metres">Of the ground point.</param>
/// <param name="Aspect">Width of the picture divided by its height.</param>
internal sealed record SurveyNoise(double Width, double Metres, double Aspect)
{
    /// <summary>A pixel of 640, and two decimetres: a tape measure along a kerb, or a good aerial picture.</summary>
    public static SurveyNoise Careful(double aspect) => new(0.0015, 0.2, aspect);

    public SurveyNoise Times(double factor) => new(Width * factor, Metres * factor, Aspect);

    /// <summary>Covariance (xx, xy, yy) in square metres of the difference between a surveyed point and where its click lands.</summary>
    public (double Xx, double Xy, double Yy) Covariance(Homography toGround, PicturePoint image)
    {
        var (ux, uy, vx, vy) = toGround.Slopes(image.X, image.Y);
        var (sx, sy) = (Width * Width, Width * Width * Aspect * Aspect);
        var metres = Metres * Metres;
        return (metres + (sx * ux * ux) + (sy * uy * uy), (sx * ux * vx) + (sy * uy * vy), metres + (sx * vx * vx) + (sy * vy * vy));
    }
}
