using Microsoft.AspNetCore.Components;
using TrafficFlow.Analysis.Studies;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>A part of what is read of a study, the same in the report and on the pages.</summary>
public abstract class StudySection : ComponentBase
{
    protected const string Dash = StudyView.Dash;

    [Parameter]
    public StudyView View { get; set; } = null!;

    protected StudyWords Words => View.Words;

    protected JunctionStudy Study => View.Study;

    /// <summary>Rows beyond a table's most: they are in the study's file, and the table says so.</summary>
    protected string LeftOut(int all, int shown) => all > shown ? StudyWords.With(Words.RowsLeftOut, shown, all) : "";
}
