using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Inspections;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>How inspections are shown.</summary>
internal static class InspectionLook
{
    public static string Of(InspectionStanding standing) => standing switch
    {
        InspectionStanding.Overdue => "degraded",
        InspectionStanding.Due or InspectionStanding.Soon => "partial",
        _ => "",
    };

    public static string Of(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Good => "complete",
        CheckVerdict.Bad => "degraded",
        _ => "partial",
    };

    public static string Of(ItemResult result) => result switch
    {
        ItemResult.Ok => "complete",
        ItemResult.NotOk => "degraded",
        _ => "",
    };

    /// <summary>Where one of this plan is recorded.</summary>
    public static string AddressOf(InspectionPlan plan) => $"/custody/inspections?site={Uri.EscapeDataString(plan.Site)}&kind={CustodyForm.Word(plan.Kind)}";
}
