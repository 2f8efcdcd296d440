using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Vision.Onnx;

/// <summary>What a class number of a model means to us.</summary>
public readonly record struct ClassMeaning(DetectedKind Kind, VehicleClass Class);

/// <summary>How a model file is to be used. What is null is taken from the defaults of the recognised layout.</summary>
/// <param name="Name">As `detector = NAME` in the site file.</param>
/// <param name="Path">The model file; of an embedded model what messages call it.</param>
/// <param name="Layout">Null: recognised from the tensor names and shapes.</param>
/// <param name="Threshold">Score from which a detection is sure, 0..1.</param>
/// <param name="Classes">Class number -> meaning; numbers that are not named are ignored.</param>
/// <param name="Threads">Threads of one inference; null: the cores shared out over the cameras.</param>
public sealed record OnnxModelSettings(
    string Name,
    string Path,
    OnnxLayout? Layout = null,
    float? Threshold = null,
    IReadOnlyDictionary<int, ClassMeaning>? Classes = null,
    int? Threads = null)
{
    /// <summary>The model itself, where it is in no file.</summary>
    public IEmbeddedModel? Embedded { get; init; }

    /// <summary>SHA-256 that the file must have, in hex; null where any will do.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How long reading, optimising and trying it may take.</summary>
    public TimeSpan LoadsWithin { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Size in pixels of the picture that the model gets, where its file leaves it open; null: the exporter's, else 640x640.</summary>
    public (int Width, int Height)? Input { get; init; }
}

/// <summary>Thresholds and class maps that belong to a layout when the settings name none.</summary>
public static class OnnxDefaults
{
    private static readonly IReadOnlyDictionary<int, ClassMeaning> Coco = new Dictionary<int, ClassMeaning>
    {
        [0] = new(DetectedKind.Person, VehicleClass.Unclassified),
        [1] = new(DetectedKind.Other, VehicleClass.Unclassified),
        [2] = new(DetectedKind.Vehicle, VehicleClass.PassengerCar),
        [3] = new(DetectedKind.Vehicle, VehicleClass.Motorcycle),
        [5] = new(DetectedKind.Vehicle, VehicleClass.Bus),
        // COCO's truck is anything from a pick-up to an articulated lorry; without a metric length it stays the heavier one.
        [7] = new(DetectedKind.Vehicle, VehicleClass.HeavyGoods),
    };

    /// <summary>The class numbers of COCO's papers, with gaps, as RF-DETR writes them.</summary>
    private static readonly IReadOnlyDictionary<int, ClassMeaning> CocoOfPapers = new Dictionary<int, ClassMeaning>
    {
        [1] = Coco[0],
        [2] = Coco[1],
        [3] = Coco[2],
        [4] = Coco[3],
        [6] = Coco[5],
        [8] = Coco[7],
    };

    private static readonly IReadOnlyDictionary<int, ClassMeaning> VehiclePersonBike = new Dictionary<int, ClassMeaning>
    {
        [0] = new(DetectedKind.Vehicle, VehicleClass.Unclassified),
        [1] = new(DetectedKind.Person, VehicleClass.Unclassified),
        [2] = new(DetectedKind.Other, VehicleClass.Unclassified),
    };

    private static readonly IReadOnlyDictionary<int, ClassMeaning> VehicleOnly = new Dictionary<int, ClassMeaning>
    {
        [0] = new(DetectedKind.Vehicle, VehicleClass.Unclassified),
    };

    /// <summary>Of our own detector. A bicycle is a rider: never counted, and coarsened like a person.</summary>
    private static readonly IReadOnlyDictionary<int, ClassMeaning> Vehicles = new Dictionary<int, ClassMeaning>
    {
        [0] = new(DetectedKind.Vehicle, VehicleClass.PassengerCar),
        [1] = new(DetectedKind.Vehicle, VehicleClass.LightGoods),
        [2] = new(DetectedKind.Vehicle, VehicleClass.HeavyGoods),
        [3] = new(DetectedKind.Vehicle, VehicleClass.Bus),
        [4] = new(DetectedKind.Vehicle, VehicleClass.Motorcycle),
        [5] = new(DetectedKind.Person, VehicleClass.Unclassified),
        [6] = new(DetectedKind.Rider, VehicleClass.Unclassified),
    };

    /// <summary>Classes of our own detector, whose threshold is another than that of other models with its layout.</summary>
    private const int VehiclesClasses = 7;

    private const float VehiclesThreshold = 0.50f;

    public static IReadOnlyDictionary<int, ClassMeaning>? ClassMap(OnnxLayout layout, int classes) => (layout, classes) switch
    {
        (_, 80) => Coco,
        (OnnxLayout.RfDetr, 90 or 91) => CocoOfPapers,
        (OnnxLayout.Boxes, 3) => VehiclePersonBike,
        (OnnxLayout.Boxes, VehiclesClasses) => Vehicles,
        (not (OnnxLayout.EndToEnd or OnnxLayout.Detr), 1) => VehicleOnly,
        _ => null,
    };

    /// <summary>Default score from which a detection is sure: where precision and recall of the layout's best-known published models are about equal.</summary>
    public static float Threshold(OnnxLayout layout, int classes) => layout switch
    {
        OnnxLayout.Boxes when classes == VehiclesClasses => VehiclesThreshold,
        OnnxLayout.Boxes or OnnxLayout.CentreBoxes => 0.30f,
        OnnxLayout.YoloX or OnnxLayout.YoloXDecoded or OnnxLayout.YoloV8 or OnnxLayout.YoloV5 or OnnxLayout.EndToEnd => 0.40f,
        OnnxLayout.NanoDetPlus => 0.50f,
        OnnxLayout.Detr or OnnxLayout.DetrRaw or OnnxLayout.DetrRows or OnnxLayout.RfDetr => 0.50f,
        _ => throw new ArgumentOutOfRangeException(nameof(layout)),
    };
}
