using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

/// <summary>Tensors made by hand, on an input of 64x64 that shows a frame of 128x64 (letterboxed: 64x32).</summary>
public sealed class OnnxOutputsTests
{
    private const int Input = 64;

    private static readonly Dictionary<int, ClassMeaning> s_classes = new()
    {
        [0] = new(DetectedKind.Vehicle, VehicleClass.PassengerCar),
        [2] = new(DetectedKind.Person, VehicleClass.Unclassified),
    };

    private readonly List<Detection> _found = [];

    [Fact]
    public void Boxes_are_stretched_back_to_the_frame()
    {
        float[] rows = [8, 16, 24, 48, 0.7f, 0.1f, 0.2f, 10, 20, 30, 40, 0.1f, 0.9f, 0.3f];
        OnnxOutputs.ReadBoxes(rows, 2, Reading(OnnxLayout.Boxes, low: 0.2f), _found);

        Assert.Equal(
            [
                new Detection(new Box(16, 16, 32, 32), 0.7f, VehicleClass.PassengerCar),
                // Its best class means nothing to us; the best that does is a person.
                new Detection(new Box(20, 20, 40, 20), 0.3f, VehicleClass.Unclassified, DetectedKind.Person),
            ],
            _found);
    }

    [Fact]
    public void A_vehicle_has_the_score_of_its_best_class_and_tells_the_others()
    {
        var classes = new Dictionary<int, ClassMeaning>
        {
            [0] = new(DetectedKind.Vehicle, VehicleClass.LightGoods),
            [1] = new(DetectedKind.Person, VehicleClass.Unclassified),
            [2] = new(DetectedKind.Vehicle, VehicleClass.Bus),
        };
        var reading = new OnnxReading(3, classes, 0.2f, PictureFit.For(OnnxLayout.Boxes, 128, 64, Input, Input), 128, 64);
        float[] rows = [8, 16, 24, 48, 0.3f, 0.1f, 0.7f, 8, 16, 24, 48, 0.3f, 0.6f, 0.2f];
        OnnxOutputs.ReadBoxes(rows, 2, reading, _found);

        Assert.Equal((0.7f, VehicleClass.Bus), (_found[0].Score, _found[0].Class));
        Assert.Equal(new ClassScores(0, 0.3f, 0, 0.7f, 0), _found[0].Scores);
        Assert.Equal(DetectedKind.Person, _found[1].Kind);
        Assert.False(_found[1].Scores.AreKnown);
    }

    [Fact]
    public void What_scores_below_the_limit_or_lies_outside_is_left_out()
    {
        float[] rows =
        [
            8, 16, 24, 48, 0.19f, 0, 0,
            70, 70, 90, 90, 0.9f, 0, 0,
            -50, -50, -5, -5, 0.9f, 0, 0,
            10, 10, 10.4f, 40, 0.9f, 0, 0,
            24, 48, 8, 16, 0.9f, 0, 0,
        ];
        OnnxOutputs.ReadBoxes(rows, 5, Reading(OnnxLayout.Boxes, low: 0.2f), _found);
        Assert.Empty(_found);
    }

    [Fact]
    public void A_box_that_reaches_over_the_border_is_clipped()
    {
        OnnxOutputs.ReadBoxes([-10, -10, 10, 80, 0.9f, 0, 0], 1, Reading(OnnxLayout.Boxes, low: 0.2f), _found);
        Assert.Equal(new Box(0, 0, 20, 64), Assert.Single(_found).Box);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_model_that_does_not_write_numbers_finds_nothing(int where)
    {
        float[] row = [8, 16, 24, 48, 0.7f, float.NaN, float.NaN];
        row[where] = float.NaN;
        OnnxOutputs.ReadBoxes(row, 1, Reading(OnnxLayout.Boxes, low: 0.2f), _found);

        var cells = new float[Cells * 8];
        Array.Fill(cells, float.NaN);
        OnnxOutputs.ReadYoloX(cells, Input, Input, [8, 16, 32], Reading(OnnxLayout.YoloX, low: 0.2f), _found);
        cells = new float[Cells * 35];
        Array.Fill(cells, float.NaN);
        OnnxOutputs.ReadNanoDet(cells, Input, Input, [8, 16, 32], Reading(OnnxLayout.NanoDetPlus, low: 0.2f), _found);

        Assert.Empty(_found);
    }

    [Theory]
    [InlineData(8, 5, 3)]
    [InlineData(16, 1, 0)]
    [InlineData(32, 0, 0)]
    [InlineData(32, 1, 0)]
    public void YoloX_cells_tell_centre_and_size_in_strides(int stride, int column, int row)
    {
        var cells = new float[Cells * 8];
        var cell = cells.AsSpan(CellAt(stride, column, row) * 8, 8);
        cell[0] = 0.5f;
        cell[1] = 0.25f;
        cell[2] = MathF.Log(8f / stride);
        cell[3] = MathF.Log(4f / stride);
        cell[4] = 0.9f;
        cell[5] = 0.8f;
        OnnxOutputs.ReadYoloX(cells, Input, Input, [8, 16, 32], Reading(OnnxLayout.YoloX, low: 0.2f), _found);

        var found = Assert.Single(_found);
        Assert.Equal(0.72f, found.Score, 5);
        // The frame is twice as large as its place in the input, top left.
        AssertBox(2 * (((column + 0.5f) * stride) - 4), 2 * (((row + 0.25f) * stride) - 2), 16, 8, found.Box);
    }

    [Theory]
    [InlineData(8, 4, 3)]
    [InlineData(16, 2, 2)]
    public void NanoDet_cells_tell_the_distances_to_the_four_sides(int stride, int column, int row)
    {
        var cells = new float[Cells * 35];
        var cell = cells.AsSpan(CellAt(stride, column, row) * 35, 35);
        cell[0] = 0.6f;
        int[] sides = [1, 0, 2, 1];
        for (var side = 0; side < 4; side++) cell[3 + (side * 8) + sides[side]] = 60;
        OnnxOutputs.ReadNanoDet(cells, Input, Input, [8, 16, 32], Reading(OnnxLayout.NanoDetPlus, low: 0.2f), _found);

        // Letterboxed in the centre: 16 rows above the frame.
        AssertBox(2 * stride * (column - 1), 2 * ((stride * row) - 16), 2 * stride * 3, 2 * stride, Assert.Single(_found).Box);
    }

    [Fact]
    public void NanoDet_sides_are_the_mean_of_their_distribution()
    {
        var cells = new float[Cells * 35];
        var cell = cells.AsSpan(CellAt(8, 4, 4) * 35, 35);
        cell[0] = 0.6f;
        // Half at one and half at two strides to each side.
        for (var side = 0; side < 4; side++) cell[3 + (side * 8) + 1] = cell[3 + (side * 8) + 2] = 500;
        OnnxOutputs.ReadNanoDet(cells, Input, Input, [8, 16, 32], Reading(OnnxLayout.NanoDetPlus, low: 0.2f), _found);
        AssertBox(2 * (32 - 12), 2 * (32 - 12 - 16), 48, 48, Assert.Single(_found).Box);
    }

    private static int Cells => 64 + 16 + 4;

    private static int CellAt(int stride, int column, int row) => stride switch
    {
        8 => (row * 8) + column,
        16 => 64 + (row * 4) + column,
        _ => 80 + (row * 2) + column,
    };

    private static OnnxReading Reading(OnnxLayout layout, float low) =>
        new(3, s_classes, low, PictureFit.For(layout, 128, 64, Input, Input), 128, 64);

    private static void AssertBox(float x, float y, float width, float height, Box box)
    {
        Assert.Equal(x, box.X, 0.01f);
        Assert.Equal(y, box.Y, 0.01f);
        Assert.Equal(width, box.Width, 0.01f);
        Assert.Equal(height, box.Height, 0.01f);
    }
}
