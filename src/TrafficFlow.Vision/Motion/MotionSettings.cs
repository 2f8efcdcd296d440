namespace TrafficFlow.Vision.Motion;

/// <summary>How the motion detector judges. Times in seconds, lengths as shares of the picture, so they hold at any size and rate.</summary>
public sealed record MotionSettings
{
    public static readonly MotionSettings Default = new();

    /// <summary>The picture is shrunk to at most this width in pixels before anything else: noise falls, speed rises.</summary>
    public int WorkingWidth { get; init; } = 384;

    /// <summary>
    /// Memory of the background, seconds. A standing vehicle melts into the background after about a tenth of it: 900 s keeps a queue
    /// visible through a red phase of 90 s.
    /// </summary>
    public double BackgroundSeconds { get; init; } = 900;

    /// <summary>Squared distance from the background, in its own variances, from which a pixel is foreground.</summary>
    public double VarianceThreshold { get; init; } = 20;

    /// <summary>A pixel darker than the background down to this share may be its shadow.</summary>
    public double ShadowDarkness { get; init; } = 0.6;

    /// <summary>
    /// Grey levels by which a pixel's edge strength must differ from the background's to be a dark vehicle and not a shadow: a shadow
    /// lets the road's texture through.
    /// </summary>
    public double ShadowTexture { get; init; } = 15;

    /// <summary>Smallest blob that can be a vehicle, as a share of the picture's area.</summary>
    public double LeastArea { get; init; } = 0.0006;

    /// <summary>Share of its box that a blob must fill to be a vehicle.</summary>
    public double LeastFill { get; init; } = 0.35;

    /// <summary>When more than this share of the picture changes at once, it is the light or the camera and not the traffic.</summary>
    public double MostForeground { get; init; } = 0.6;
}
