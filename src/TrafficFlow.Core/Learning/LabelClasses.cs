using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Learning;

/// <summary>What pictures for learning are labelled with: the names that the recipe of TrafficFlow.Training knows. Ids are places in this list, from 1, and never change their meaning.</summary>
public static class LabelClasses
{
    public static readonly IReadOnlyList<string> Names = ["car", "van", "truck", "bus", "motorcycle", "person", "bicycle", "other_vehicle"];

    private const int Person = 6;
    private const int Bicycle = 7;
    private const int OtherVehicle = 8;

    /// <summary>Id of what was detected.</summary>
    public static int Of(in Detection.Detection detection) => detection.Kind switch
    {
        DetectedKind.Person => Person,
        DetectedKind.Other => Bicycle,
        DetectedKind.Rider => 5,
        _ => detection.Class switch
        {
            VehicleClass.PassengerCar => 1,
            VehicleClass.LightGoods => 2,
            VehicleClass.HeavyGoods => 3,
            VehicleClass.Bus => 4,
            VehicleClass.Motorcycle => 5,
            _ => OtherVehicle,
        },
    };

    /// <returns>0 where there is none of that name.</returns>
    public static int Find(string? name) => Names.ToList().IndexOf(name ?? "") + 1;

    public static string NameOf(int id) => Names[id - 1];
}

/// <summary>A box that somebody or a detector has drawn, in pixels of the picture, its left top corner 0, 0.</summary>
/// <param name="Class">Id in <see cref="LabelClasses"/>.</param>
/// <param name="Track">Number of the track within its sequence, from 1; null where it is followed by none.</param>
/// <param name="Score">Of the detector; 1 where a person drew it.</param>
public readonly record struct LabelBox(int Class, double X, double Y, double Width, double Height, int? Track = null, double Score = 1);

/// <summary>A picture of a set for learning.</summary>
/// <param name="Id">From 1, unique in the set.</param>
/// <param name="File">Below the folder of the set, with slashes.</param>
/// <param name="Frame">Its place in the sequence, from 1.</param>
/// <param name="Time">When it was taken, UTC.</param>
public sealed record LearningPicture(int Id, string File, int Frame, DateTimeOffset Time)
{
    /// <summary>What was found in it; null where nobody looked.</summary>
    public IReadOnlyList<LabelBox>? Boxes { get; init; }
}

/// <summary>Pictures of one segment, in their order.</summary>
/// <param name="Name">Folder of it; a scene to the recipe.</param>
/// <param name="Source">SITE/CAMERA/NAME of the segment: its erasure names this set.</param>
/// <param name="FramesPerSecond">Of the pictures that are in it.</param>
public sealed record LearningSequence(string Name, string Source, int Width, int Height, double FramesPerSecond, IReadOnlyList<LearningPicture> Pictures);

/// <summary>A set for learning: dataset.json in its folder.</summary>
/// <param name="Copy">Its entry in the ledger of copies of the vault that it comes from.</param>
/// <param name="Until">It is destroyed by then, with all that was made of its pictures.</param>
public sealed record LearningSet(string Format, string Node, string Site, string Copy, DateTimeOffset Made, DateTimeOffset Until, IReadOnlyList<LearningSequence> Sequences)
{
    public const string FormatOfNow = "trafficflow-learning-1";
    public const string FileName = "dataset.json";
    public const string CocoName = "annotations.json";
}
