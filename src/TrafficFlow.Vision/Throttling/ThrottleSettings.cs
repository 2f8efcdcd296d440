namespace TrafficFlow.Vision.Throttling;

/// <summary>How a detector that costs much is used less.</summary>
/// <param name="LooksPerSecond">Frames that are looked at; between them the tracker predicts. Null: every frame.</param>
/// <param name="GateByMotion">Where nothing has moved since the last look, what was found then is still there.</param>
public sealed record ThrottleSettings(double? LooksPerSecond = null, bool GateByMotion = false)
{
    /// <summary>Longest time without a look, however still the picture: vehicles that creep below the gate's sight are found again.</summary>
    public double RefreshSeconds { get; init; } = 1;

    /// <summary>Grey levels by which a spot of about 12 x 12 of 640 pixels must change; sensor noise averages to a quarter of it.</summary>
    public double Change { get; init; } = 5;

    /// <summary>The same settings say the same in the same words: they are part of what made a number.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{(LooksPerSecond is { } rate ? $"/{rate:0.##}ps" : "")}{(GateByMotion ? "/gated" : "")}");
}
