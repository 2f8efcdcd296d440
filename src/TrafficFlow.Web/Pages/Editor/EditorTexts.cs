using System.Globalization;

namespace TrafficFlow.Web.Pages.Editor;

/// <summary>What the site editor says, in one language. What the site file's own reader says of a fault is in <see cref="FaultTexts"/>.</summary>
public sealed partial record EditorTexts
{
    public required string Title { get; init; }

    public required string NoFile { get; init; }

    public required string NotUsable { get; init; }

    public required string ReadOnly { get; init; }

    public required string VersionNow { get; init; }

    public required string OtherNodes { get; init; }

    public required string AlsoDrawing { get; init; }

    public required string DraftIsBack { get; init; }

    public required string NotSaved { get; init; }

    public required string DraftNotKept { get; init; }

    public required string DraftFollowed { get; init; }

    public required string Saved { get; init; }

    public required string OnTopNow { get; init; }

    public required string Camera { get; init; }

    public required string Tools { get; init; }

    public required string ToolMove { get; init; }

    public required string ToolGate { get; init; }

    public required string ToolMask { get; init; }

    public required string ToolGround { get; init; }

    public required string FinishMask { get; init; }

    public required string Undo { get; init; }

    public required string Redo { get; init; }

    public required string ShowEdges { get; init; }

    public required string SceneIsNotAsCalibrated { get; init; }

    public required string Snapshot { get; init; }

    public required string HintMove { get; init; }

    public required string HintGate { get; init; }

    public required string HintGateEnd { get; init; }

    public required string HintMask { get; init; }

    public required string HintGround { get; init; }

    public required string Drawing { get; init; }

    public required string PictureOf { get; init; }

    public required string PictureExplained { get; init; }

    public required string NoPictureNow { get; init; }

    public required string DrawOnGround { get; init; }

    public required string DrawByNumbers { get; init; }

    public required string Lists { get; init; }

    public required string UnknownExit { get; init; }

    public required string Gates { get; init; }

    public required string Gate { get; init; }

    public required string GatesExplained { get; init; }

    public required string Name { get; init; }

    public required string Flip { get; init; }

    public required string Remove { get; init; }

    public required string Forward { get; init; }

    public required string Backward { get; init; }

    public required string NoMeaning { get; init; }

    public required string EntersFrom { get; init; }

    public required string ExitsTo { get; init; }

    public required string ByNumbers { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Masks { get; init; }

    public required string Mask { get; init; }

    public required string MasksExplained { get; init; }

    public required string Corner { get; init; }

    public required string Corners { get; init; }

    public required string AddCorner { get; init; }

    public required string Ground { get; init; }

    public required string GroundPoint { get; init; }

    public required string GroundExplained { get; init; }

    public required string NoGround { get; init; }

    public required string FitError { get; init; }

    public required string FitEstimated { get; init; }

    public required string FitHeldOut { get; init; }

    public required string FitPixels { get; init; }

    public required string Point { get; init; }

    public required string East { get; init; }

    public required string North { get; init; }

    public required string Residual { get; init; }

    public required string HeldOut { get; init; }

    public required string Outlier { get; init; }

    public required string OnEarth { get; init; }

    public required string Approaches { get; init; }

    public required string Approach { get; init; }

    public required string ApproachesExplained { get; init; }

    public required string Id { get; init; }

    public required string AddApproach { get; init; }

    public required string Recount { get; init; }

    public required string Counting { get; init; }

    public required string NothingSeen { get; init; }

    public required string RecountSpan { get; init; }

    public required string MendFirst { get; init; }

    public required string AtGates { get; init; }

    public required string Direction { get; init; }

    public required string InForce { get; init; }

    public required string Draft { get; init; }

    public required string Movement { get; init; }

    public required string ByPartOfJunction { get; init; }

    public required string ByJunction { get; init; }

    public required string ByCameras { get; init; }

    public required string OtherGates { get; init; }

    public required string Entering { get; init; }

    public required string Exiting { get; init; }

    public required string ToExit { get; init; }

    public required string RecountExplained { get; init; }

    public required string SaveTitle { get; init; }

    public required string NoChange { get; init; }

    public required string Changes { get; init; }

    public required string What { get; init; }

    public required string Change { get; init; }

    public required string Before { get; init; }

    public required string After { get; init; }

    public required string Added { get; init; }

    public required string Removed { get; init; }

    public required string Place { get; init; }

    public required string Metres { get; init; }

    public required string ShowOld { get; init; }

    public required string LostComments { get; init; }

    public required string TextDiff { get; init; }

    public required string FaultsLeft { get; init; }

    public required string Reason { get; init; }

    public required string Save { get; init; }

    public required string Saving { get; init; }

    public required string Discard { get; init; }

    public required string SaveExplained { get; init; }

    public required string Versions { get; init; }

    public required string NoVersions { get; init; }

    public required string Number { get; init; }

    public required string When { get; init; }

    public required string Who { get; init; }

    public required string Why { get; init; }

    public required string Hash { get; init; }

    public required string IsInForce { get; init; }

    public required string Look { get; init; }

    public required string More { get; init; }

    public required string NotKept { get; init; }

    public required string VersionNumber { get; init; }

    public required string Restore { get; init; }

    public required string RestoreExplained { get; init; }

    public required string RestoreRegains { get; init; }

    public required string RestoreAfterDraft { get; init; }

    public required string KindFound { get; init; }

    public required string KindByHand { get; init; }

    public required string KindRestored { get; init; }

    public required string NeverInForce { get; init; }

    public required string OthersTitle { get; init; }

    public required string OthersSaved { get; init; }

    public required string OthersByHand { get; init; }

    public required string OwnTitle { get; init; }

    public required string OwnChanged { get; init; }

    public required string OwnDropped { get; init; }

    public required string TheirChanges { get; init; }

    public required string BothChanged { get; init; }

    public required string PutOnTop { get; init; }

    public required string PutOnTopMine { get; init; }

    public required string PutOnTopTheirs { get; init; }

    public required string LookAtTheirs { get; init; }

    public required string DropMine { get; init; }

    public required string OthersExplained { get; init; }

    public static EditorTexts For(string language) => language == "ja" ? Japanese : English;

    public static string With(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
}
