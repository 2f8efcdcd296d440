using TrafficFlow.Server.Commands;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Actors.Tests.Commands;

public sealed class SiteAnswersTests
{
    [Fact]
    public void Rows_of_several_nodes_stand_below_each_other_with_their_node()
    {
        var reply = SiteAnswers.Together([Said("a:1", "cam1"), Said("b:1", "cam2")]);

        var table = Assert.Single(Assert.IsType<InspectionTables>(reply).Tables);
        Assert.Equal(["node", "camera"], table.Columns.Select(c => c.Key));
        Assert.Equal([("a:1", "cam1"), ("b:1", "cam2")], table.Rows.Select(r => ((string)r[0]!, (string)r[1]!)));
        Assert.Equal("a note", Assert.Single(table.Notes));
    }

    [Fact]
    public void Who_does_not_answer_is_named_beside_those_who_do()
    {
        var reply = SiteAnswers.Together([Said("a:1", "cam1"), new NodeAnswer("b:1", null, "it is not in the cluster"), new NodeAnswer("c:1", new CommandFailed("busy", "wait"), "")]);

        Assert.Equal(
            ["node b:1 does not answer: it is not in the cluster", "c:1: busy", "a note"], Assert.Single(Assert.IsType<InspectionTables>(reply).Tables).Notes);
    }

    [Fact]
    public void Where_nobody_answers_it_is_a_failure_with_a_remedy()
    {
        var failed = Assert.IsType<CommandFailed>(SiteAnswers.Together([new NodeAnswer("b:1", null, "nothing within 13 s")]));

        Assert.Equal("node b:1 does not answer: nothing within 13 s", failed.Reason);
        Assert.Contains("health show", failed.Remedy);
    }

    [Fact]
    public void A_column_that_another_version_does_not_have_is_unknown_there()
    {
        var newer = InspectionTable.Of("cameras", [new("camera"), new("more")], [["cam2", "x"]]);

        var table = Assert.Single(Assert.IsType<InspectionTables>(SiteAnswers.Together([Said("b:1", "cam1"), new NodeAnswer("a:1", new InspectionTables(newer), "")])).Tables);
        Assert.Equal<object?>(["a:1", "cam2"], table.Rows[1]);
        table = Assert.Single(Assert.IsType<InspectionTables>(SiteAnswers.Together([new NodeAnswer("a:1", new InspectionTables(newer), ""), Said("b:1", "cam1")])).Tables);
        Assert.Equal<object?>(["b:1", "cam1", null], table.Rows[1]);
    }

    private static NodeAnswer Said(string node, string camera) =>
        new(node, new InspectionTables(InspectionTable.Of("cameras", [new("camera")], [[camera]], "a note")), "");
}
