namespace TrafficFlow.Core.Detection;

/// <summary>Colour of a vehicle's body as a person would call it.</summary>
public enum VehicleColour
{
    /// <summary>Not judged: too dark, too small, or nobody is sure.</summary>
    Unknown = 0,
    White = 1,

    /// <summary>Grey and silver: a picture does not tell them apart.</summary>
    Grey = 2,
    Black = 3,
    Red = 4,

    /// <summary>Yellow and orange.</summary>
    Yellow = 5,
    Green = 6,
    Blue = 7,

    /// <summary>Brown and beige.</summary>
    Brown = 8,
}

/// <summary>What one picture of a vehicle says of its colour.</summary>
/// <param name="Weight">How much it is to be believed, 0 (not at all) to 1.</param>
public readonly record struct ColourSample(VehicleColour Colour, float Weight);

/// <summary>Names of the colours in files, topics and tables.</summary>
public static class VehicleColourNames
{
    public static readonly IReadOnlyList<VehicleColour> All = Enum.GetValues<VehicleColour>();

    /// <summary>Empty for <see cref="VehicleColour.Unknown"/>, as unknown values are in files.</summary>
    public static string Name(this VehicleColour colour) => colour switch
    {
        VehicleColour.Unknown => "",
        VehicleColour.White => "white",
        VehicleColour.Grey => "grey",
        VehicleColour.Black => "black",
        VehicleColour.Red => "red",
        VehicleColour.Yellow => "yellow",
        VehicleColour.Green => "green",
        VehicleColour.Blue => "blue",
        VehicleColour.Brown => "brown",
        _ => throw new ArgumentOutOfRangeException(nameof(colour), colour, "no such colour"),
    };
}
