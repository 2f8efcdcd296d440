namespace TrafficFlow.Core.Scene;

/// <summary>How a camera's static scene compares with the one that it was calibrated on.</summary>
public enum SceneState
{
    /// <summary>Nothing to compare with yet, or too little structure in what the masks leave to tell.</summary>
    Unknown = 0,

    /// <summary>As calibrated.</summary>
    InPlace = 1,

    /// <summary>As calibrated, but the picture swings to and fro: a pole in the wind.</summary>
    Swaying = 2,

    /// <summary>The whole picture has shifted, turned or zoomed: gates lie beside their lanes.</summary>
    Moved = 3,

    /// <summary>Nothing of the calibrated scene can be found: the camera looks elsewhere.</summary>
    Elsewhere = 4,

    /// <summary>Edges are soft all over: focus, fog, or a film on the lens.</summary>
    Blurred = 5,

    /// <summary>A large part of the scene has gone at once: dirt, a leaf, a hand, a parked vehicle before the lens.</summary>
    Covered = 6,

    /// <summary>Too dark to see anything, or to see vehicles on the road.</summary>
    Dark = 7,

    /// <summary>The brightness of the whole picture has jumped; it passes when the camera has settled.</summary>
    ExposureJump = 8,

    /// <summary>The same picture again and again.</summary>
    Frozen = 9,

    /// <summary>Noise outweighs what makes vehicles stand out of the road.</summary>
    Noisy = 10,

    /// <summary>Lamps outshine the vehicles that carry them.</summary>
    Glare = 11,
}

/// <summary>What is thought of a camera's scene now.</summary>
/// <param name="ShiftX">Mean shift to the right since the calibration, in widths of the picture; 0 where nothing is known.</param>
/// <param name="ShiftY">The same downwards, in widths of the picture too.</param>
/// <param name="RotationDegrees">Clockwise turn of the picture.</param>
/// <param name="Zoom">Magnification since the calibration; 1 is none.</param>
public readonly record struct SceneVerdict(SceneState State, double ShiftX = 0, double ShiftY = 0, double RotationDegrees = 0, double Zoom = 1)
{
    /// <summary>Counts made now cannot be trusted fully.</summary>
    public bool IsDegraded => State >= SceneState.Moved;
}

/// <summary>Words for what is wrong with a scene.</summary>
public static class SceneStates
{
    /// <summary>As in files and topics.</summary>
    public static string Name(this SceneState state) => state switch
    {
        SceneState.Unknown => "unknown",
        SceneState.InPlace => "in-place",
        SceneState.Swaying => "swaying",
        SceneState.Moved => "moved",
        SceneState.Elsewhere => "elsewhere",
        SceneState.Blurred => "blurred",
        SceneState.Covered => "covered",
        SceneState.Dark => "dark",
        SceneState.ExposureJump => "exposure-jump",
        SceneState.Frozen => "frozen",
        SceneState.Noisy => "noisy",
        SceneState.Glare => "glare",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state of a scene"),
    };

    /// <summary>Likely cause and what to do, a sentence without its end; empty while all is well.</summary>
    public static string Explain(this in SceneVerdict verdict) => verdict.State switch
    {
        SceneState.Moved => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"the camera has moved: the picture lies {100 * Math.Sqrt((verdict.ShiftX * verdict.ShiftX) + (verdict.ShiftY * verdict.ShiftY)):0.0} % of its width off, turned {verdict.RotationDegrees:0.0} degrees, zoom {verdict.Zoom:0.00}: turn it back, or calibrate anew and accept the scene"),
        SceneState.Elsewhere => "nothing of the calibrated scene is in the picture: was the camera turned or exchanged? Turn it back, or draw its gates anew and accept the scene",
        SceneState.Blurred => "the picture is blurred: check focus, clean the lens; fog passes by itself",
        SceneState.Covered => "a large part of the picture has gone: clean the lens, remove what is before it",
        SceneState.Dark => "the picture is too dark for vehicles to be seen: is the lens covered, or the lighting off? Otherwise let the camera expose longer",
        SceneState.Noisy => "the picture is too noisy for vehicles to be seen: the camera amplifies too little light; let it expose longer, or light the street",
        SceneState.Glare => "lamps outshine the vehicles that carry them: turn the camera away from oncoming headlights, shorten its exposure, or switch its highlight compensation on",
        SceneState.ExposureJump => "the brightness of the whole picture has jumped: it passes when the camera has settled; if it comes again and again, set the camera's exposure",
        SceneState.Frozen => "the picture stands still to the last pixel: the camera or its encoder hangs, restart it",
        SceneState.Swaying => "the picture sways: fasten the camera's pole if counts near the gates are to be exact",
        _ => "",
    };
}
