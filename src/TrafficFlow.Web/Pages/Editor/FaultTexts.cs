using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Editor;

/// <summary>Faults of a draft in Japanese. In English the site file's own reader says them, as on terminals.</summary>
public static class FaultTexts
{
    /// <returns>Null where there are only the reader's own words.</returns>
    public static (string Text, string Remedy)? Of(DraftFault fault, string language)
    {
        if (language != "ja" || fault.Fault is not { } known || Japanese(known.Kind) is not var (text, remedy)) return null;
        return (With(text, known), With(remedy, known));
    }

    private static string With(string text, SiteFault fault) => EditorTexts.With(text, fault.First, fault.Second.Length > 0 ? $"（{fault.Second}）" : "", fault.Second, fault.Third);

    /// <summary>{0} is the first value, {1} the second in brackets, {2} and {3} the second and third.</summary>
    private static (string Text, string Remedy)? Japanese(SiteFaultKind kind) => kind switch
    {
        SiteFaultKind.OutOfRange => ("{0} は範囲外です", "{2} から {3} までの数を入力してください"),
        SiteFaultKind.NotANumber => ("「{0}」は数ではありません", "数を入力してください"),
        SiteFaultKind.NoText => ("空です", "1 文字以上を入力してください"),
        SiteFaultKind.BadName => ("「{0}」は名前に使えません", "a-z、0-9、_、- のみ、先頭は英字または数字、64 文字以内で入力してください"),
        SiteFaultKind.SameName => ("「{0}」という名前が 2 つあります", "一方の名前を一覧で変更してください（例: {3}）"),
        SiteFaultKind.SameNameInFile => ("「{0}」という名前が 2 つあります。一方はすでにファイルにあり{1}、もう一方はこの下書きで追加したものです", "追加した方の名前を一覧で変更してください（例: {3}）"),
        SiteFaultKind.GateWithoutLength => ("ゲートの始点と終点が同じ位置です", "車道を端から端まで横切るように描いてください"),
        SiteFaultKind.NoGates => ("ゲートがないため、このカメラは何も計数しません", "ゲートを描いてください"),
        SiteFaultKind.NoSuchApproach => ("流入部「{0}」はありません", "一覧にある流入部を選ぶか、流入部を追加してください"),
        SiteFaultKind.FewCorners => ("角が {0} 個しかありません", "3 個以上にしてください"),
        SiteFaultKind.NoArea => ("面積がありません", "隠す部分を囲むように描いてください"),
        SiteFaultKind.CrossesItself => ("辺が交差しているため、一部が隠れません", "角を周囲の順に並べてください"),
        SiteFaultKind.GroundCount => ("測量点が {0} 点です", "{2}～{3} 点を測量するか、すべて削除してください（その場合、距離と速度は得られません）"),
        SiteFaultKind.GroundOnLine => ("測量点が一直線上にあるか重複しており、平面が決まりません", "画像上でも地面でも、どの 3 点も一直線上にない 4 点を測量してください"),
        SiteFaultKind.GroundContradicts => ("測量点が互いに矛盾しています。3 分の 2 以上に合う平面がありません", "点の対応と、東・北が入れ替わっていないかを確認してください"),
        SiteFaultKind.GroundBeyondHorizon => ("測量点の一部が地平線の向こうになり、このようには見えません", "2 点が入れ替わっていないか確認してください"),
        SiteFaultKind.GroundMirrored => ("測量点が裏返しです（路面の下から見た配置）", "座標は [東, 北] です。入れ替わりや符号の誤りを確認してください"),
        _ => null,
    };
}
