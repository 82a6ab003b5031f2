export default {
  staff: {
    title: "同事", tab_accounts: "账号", tab_skills: "技能组", find: "按姓名、邮箱或角色找", new: "添加同事", edit_of: "修改{name}", name: "姓名", name_hint: "客户会看到这个名字。", email: "邮箱", roles: "角色", skills: "技能组", sign_in: "登录方式", standing: "状态",
    level_of: "{skill}的熟练程度", level_1: "在学", level_2: "熟练", level_3: "资深", languages: "会说的语言", languages_hint: "一个都不选，就是什么语言的客户都可以来。", chats: "同时最多接待", chats_default: "和大家一样", skills_hint: "没选技能组的，只接没有指定技能组的客户；班长都能接。", none: "没有符合的同事", none_hint: "换个词找，或添加一位。", added: "已添加 {name}", saved: "已保存", in_use: "在用", closed: "已停用", me: "（我）",
    by_link: "一次性链接", by_password: "密码", by_oidc: "行内账号", oidc_hint: "用行内账号登录的，角色以行内系统为准，下次登录会更新。",
    link: "生成登录链接", link_title: "{name}的登录链接", link_hint: "{minutes} 分钟内有效，只能用一次。请当面或用可信的方式交给本人。", link_again: "没来得及用？回到这里再生成一个。", copy: "复制链接", copied: "已复制", copy_failed: "没能复制，请选中链接自己复制。",
    disable: "停用账号", disable_confirm: "停用后，{name} 会马上退出登录，手上的客户回到队伍最前面。要停用吗？", enable: "重新启用", disabled: "{name} 的账号已停用", enabled: "{name} 的账号可以用了", own: "自己的账号不能停用，也不能去掉自己的管理员角色。",
  },
  role: { agent: "座席", supervisor: "班长", editor: "知识运营", analyst: "分析员", admin: "管理员" },
  role_hint: { agent: "接待客户", supervisor: "接待客户，看全部会话，改话术", editor: "写知识点和话术", analyst: "看知识和统计", admin: "什么都能做，包括管账号" },
  skill: {
    hint: "客户按技能组分给会办这类事的同事。", new: "添加技能组", edit_of: "修改“{name}”", id: "代号", id_hint: "一个词，例如 cards；定了就不再改。", names: "名称", names_hint: "至少写一种语言；没写的语言会用写了的那个。", members: "组里的人", nobody: "还没有人，这个组的客户只有班长接得到。", none: "还没有技能组", none_hint: "没有技能组时，每位座席都能接每位客户。",
    remove_confirm: "删除技能组“{name}”？组里的人会退出来；之后这类客户谁都能接。", removed: "技能组“{name}”已删除",
    saved: "技能组已保存", taken: "这个代号已经有了。",
  },
  password: {
    title: "密码", set_hint: "您现在用一次性链接登录。设一个密码，下次就能直接登录。", change_hint: "改了以后，其他电脑上的登录都会退出。", set: "设密码", change: "改密码", old: "现在的密码", new: "新密码", new_hint: "至少 {n} 个字符。几个不相干的词连起来，好记又难猜。", again: "再输一遍", differ: "两次输入的不一样。", done: "密码已保存，其他地方的登录已退出",
  },
};
