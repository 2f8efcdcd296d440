using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>What the report of an experiment's end says, in one language.</summary>
internal sealed record EndTexts(
    string Title, string Installation, string Begun, string Ended, string By, string Reason, string Node, string Done, string Left, string NothingLeft, string Receipts, string NoReceipts, string Erased, string Scope, string Segments, string Keys,
    string NotProved, string Holds, string Until, string Copies, string Where, string State, string Outstanding, string EndedOn, string Kinds, string Site, string Kind, string Rule, string Gone, string NoEnd, string Signed, string Audit,
    string CustodianSignature, string Number, string SeeLeft, string NothingToDo, Func<EndStep, string> Step, Func<KeptKind, string> NameOf, Func<CopyKind, string> NameOfCopy)
{
    private static readonly EndTexts s_english = new(
        "Report on the end of the experiment", "Whole installation", "Begun", "Written", "By", "Reason", "Node", "What was done", "What is left, and with whom", "Nothing is left.", "Receipts of erasures", "No recording was ever erased here.", "Erased", "What",
        "Segments", "Keys destroyed", "What is not proved", "Legal holds in force", "Until", "Copies, exports, bundles and backups", "Where", "State", "NOT ENDED", "ended", "How long each kind is kept", "Site", "Kind", "Kept by the policy", "Gone by", "no end is set",
        "This document tells what the signed report says, whose SHA-256 is", "The last record of the audit at that time", "Custodian, date, signature", "No.", "see what is left", "nothing was to be done",
        step => step switch { EndStep.Recording => "Recording", EndStep.Pictures => "Pictures", EndStep.Kinds => "Other kinds", EndStep.Copies => "Copies", EndStep.Tokens => "Subscriptions and tokens", EndStep.Persons => "Persons", _ => "Report" },
        kind => kind switch { KeptKind.Pictures => "Pictures", KeptKind.Journeys => "Journeys", KeptKind.Counts => "Counts", KeptKind.Audit => "Audit", _ => "Accounts" },
        kind => kind switch { CopyKind.Export => "export", CopyKind.Bundle => "bundle", CopyKind.Backup => "backup", _ => "learning data" });

    private static readonly EndTexts s_japanese = new(
        "実験終了報告書", "設備全体", "開始", "作成", "実施者", "理由", "装置", "実施した事項", "残っている事項と所在", "残っている事項はありません。", "消去証明書", "この設備で消去された記録画像はありません。", "消去日時", "対象",
        "区間数", "破棄した鍵数", "証明されない事項", "継続中の保全", "期限", "複製・持出し・媒体・バックアップ", "所在", "状態", "未廃棄", "廃棄", "データの種類ごとの保存期間", "地点", "種類", "定めによる保存期間", "消去期限", "期限の定めなし",
        "この文書は、署名された報告書の内容を示すものです。署名された報告書のSHA-256は次のとおりです。", "作成時点の監査記録の最終番号", "管理責任者　日付　署名", "番号", "「残っている事項と所在」を参照", "該当なし",
        step => step switch { EndStep.Recording => "記録の停止", EndStep.Pictures => "記録画像", EndStep.Kinds => "その他のデータ", EndStep.Copies => "複製", EndStep.Tokens => "購読・トークン", EndStep.Persons => "担当者", _ => "報告書" },
        kind => kind switch { KeptKind.Pictures => "記録画像", KeptKind.Journeys => "通行経路", KeptKind.Counts => "計測値", KeptKind.Audit => "操作の記録", _ => "利用者の登録" },
        kind => kind switch { CopyKind.Export => "書出し", CopyKind.Bundle => "持出し媒体", CopyKind.Backup => "バックアップ", _ => "学習データ" });

    public static EndTexts For(string language) => language == "ja" ? s_japanese : s_english;
}
