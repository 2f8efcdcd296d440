using System.Text.RegularExpressions;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Web.Pages.Editor;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>What is wrong with a draft, in the language of whoever draws it.</summary>
public sealed class FaultTextTests : IDisposable
{
    private readonly EditedSite _site = new();

    public static TheoryData<SiteFaultKind> Kinds => [.. Enum.GetValues<SiteFaultKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_fault_has_words_in_Japanese(SiteFaultKind kind)
    {
        var fault = new DraftFault("cameras", "is wrong", "mend it", new SiteFault(kind, "first", "second", "third"));

        var (text, remedy) = FaultTexts.Of(fault, "ja")!.Value;

        Assert.Matches("[\u3040-\u30ff\u4e00-\u9fff]", text);
        Assert.Matches("[\u3040-\u30ff\u4e00-\u9fff]", remedy);
        Assert.DoesNotMatch(@"\{\d", text + remedy);
        Assert.Null(FaultTexts.Of(fault, "en"));
    }

    [Fact]
    public void What_the_reader_has_no_code_for_stays_in_its_own_words() => Assert.Null(FaultTexts.Of(new DraftFault("", "is wrong", "mend it"), "ja"));

    [Fact]
    public void Faults_that_are_often_drawn_have_their_code()
    {
        var began = _site.Read();
        var (draft, camera) = (began.Draft, began.Draft.Cameras[0]);
        var (gate, other, ground) = (camera.Gates[0], camera.Gates[1], camera.Ground);

        Assert.Equal(SiteFaultKind.GateWithoutLength, KindOf(camera.Put(gate with { To = gate.From })));
        Assert.Equal(SiteFaultKind.BadName, KindOf(camera.Put(gate with { Id = "No Name" })));
        Assert.Equal(SiteFaultKind.SameName, KindOf(camera.AddGate(new(0.1, 0.5), new(0.2, 0.5), out _).AddGate(new(0.3, 0.5), new(0.4, 0.5), out var added) is var two ? two.Put(two.Gate(added.Key)! with { Id = "gate-1" }) : two));
        Assert.Equal(SiteFaultKind.SameNameInFile, KindOf(camera.AddGate(new(0.1, 0.5), new(0.2, 0.5), out added) is var one ? one.Put(one.Gate(added.Key)! with { Id = other.Id }) : one));
        Assert.Equal(SiteFaultKind.NoSuchApproach, KindOf(camera.Put(gate with { Forward = new GateMeaning(GateRole.Enters, new ApproachId("nowhere")) })));
        Assert.Equal(SiteFaultKind.NoGates, KindOf(camera with { Gates = [] }));
        Assert.Equal(SiteFaultKind.CrossesItself, KindOf(camera.AddMask([new(0, 0.3), new(1, 0.9), new(1, 0.4), new(0, 1)], out _)));
        Assert.Equal(SiteFaultKind.NoArea, KindOf(camera.AddMask([new(0, 0.3), new(1, 0.3), new(0.5, 0.3)], out _)));
        Assert.Equal(SiteFaultKind.FewCorners, KindOf(camera.AddMask([new(0, 0.3), new(1, 0.3)], out _)));
        Assert.Equal(SiteFaultKind.GroundCount, KindOf(camera with { Ground = ground.RemoveAt(0) }));
        Assert.Equal(SiteFaultKind.GroundOnLine, KindOf(camera with { Ground = [.. ground.Select((g, i) => g with { Image = new PicturePoint(0.1 * (i + 1), 0.5) })] }));
        Assert.Equal(SiteFaultKind.GroundMirrored, KindOf(camera with { Ground = [.. ground.Select(g => g with { EastMetres = -g.EastMetres })] }));
        Assert.Equal(SiteFaultKind.OutOfRange, KindOf(camera.Put(ground[0] with { Image = new PicturePoint(1.5, 0.5) })));
        Assert.Equal(SiteFaultKind.NoText, Assert.Single(_site.Editor.Check(began, draft.With(draft.Approaches[0] with { Name = "" })).Faults).Fault?.Kind);

        SiteFaultKind? KindOf(CameraDraft wrong) => Assert.Single(_site.Editor.Check(began, draft.With(wrong)).Faults).Fault?.Kind;
    }

    public void Dispose() => _site.Dispose();
}
