using TrafficFlow.Core.Scoring.Mot;
using Xunit;

namespace TrafficFlow.Core.Tests.Scoring.Mot;

public sealed class MotTextTests
{
    [Theory]
    [InlineData("1,2,3,4,5", "1: 5 fields; a MOT line has at least 6")]
    [InlineData("one,2,3,4,5,6", "1: frame is \"one\"; it is a number")]
    [InlineData("\n1,2,3,4,wide,6", "2: width is \"wide\"; it is a number")]
    [InlineData("1,2,3,4,NaN,6", "1: width is \"NaN\"; it is a number")]
    [InlineData("0,2,3,4,5,6", "1: frame is 0; frames are whole numbers from 1")]
    [InlineData("1.5,2,3,4,5,6", "1: frame is 1.5; frames are whole numbers from 1")]
    [InlineData("1,2.5,3,4,5,6", "1: id is 2.5; it is a whole number")]
    [InlineData("1,2,3,4,-5,6", "1: the box is -5 wide and 6 high; neither is below 0")]
    [InlineData("1,2,3,4,5,6,sure", "1: confidence is \"sure\"; it is a number")]
    [InlineData("1 2 3 4 5 6", "1: 1 fields; a MOT line has at least 6")]
    public void A_malformed_line_is_told_with_its_number(string text, string expected)
    {
        var (rows, errors) = MotText.Read(text.Split('\n'));

        Assert.Empty(rows);
        Assert.StartsWith(expected, Assert.Single(errors));
    }

    [Fact]
    public void A_track_has_a_number_and_one_box_a_picture()
    {
        var (rows, _) = MotText.Read(["1,7,0,0,9,9", "1,7,5,5,9,9", "2,-1,0,0,9,9", "2,7,0,0,9,9"]);

        Assert.Equal(
            ["2: track 7 is in frame 1 already, see line 1", "3: id is -1; a track has an id of 0 or more (is this a file of detections?)"],
            MotText.ErrorsOfTracks(rows));
    }

    [Fact]
    public void A_row_that_is_written_is_read_back()
    {
        var row = new MotRow(12, 3, new MotBox(1.25, -2.5, 30, 40.75), 0.875, Line: 1);

        Assert.Equal([row], MotText.Read([MotText.Write(row)]).Rows);
    }
}
